-- Turns tables, on paper, into calls of the template's own function: it knows how to keep them legible.

if FORMAT ~= "typst" then return {} end

local function quote(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("\n", "\\n") .. '"'
end

local function is_plain(blocks)
  if #blocks == 0 then return true end
  if #blocks > 1 or not (blocks[1].t == "Plain" or blocks[1].t == "Para") then return false end
  for _, inline in ipairs(blocks[1].content) do
    if inline.t ~= "Str" and inline.t ~= "Space" and inline.t ~= "SoftBreak" then return false end
  end
  return true
end

-- A cell as text, to measure it, and as what is set where it is more than text
local function read_cell(cell)
  local text = pandoc.utils.stringify(cell.contents)
  if is_plain(cell.contents) then return quote(text), "none" end
  local body = pandoc.write(pandoc.Pandoc(cell.contents), "typst"):gsub("%s+$", "")
  return quote(text), "[" .. body .. "]"
end

local ALIGNS = { AlignLeft = "left", AlignRight = "right", AlignCenter = "center" }

-- What a Styler said of a cell: its ground and place, and how its text looks
local function read_look(cell)
  local look, words = pandoc.List(), pandoc.List()
  local given = cell.attr.attributes
  if given["typst:fill"] then look:insert("fill: " .. given["typst:fill"]) end
  if ALIGNS[cell.alignment] then look:insert("align: " .. ALIGNS[cell.alignment]) end
  for _, name in ipairs({ "fill", "weight", "style" }) do
    local value = given["typst:text:" .. name]
    if value then words:insert(name .. ": " .. value) end
  end
  if #words > 0 then look:insert("words: (" .. table.concat(words, ", ") .. ",)") end
  return #look > 0 and "(" .. table.concat(look, ", ") .. ",)" or "(:)"
end

local function write_cell(cell)
  return string.format("(%s, %d, %d, %s, %s, %s)",
    cell.text, cell.x, cell.span, cell.body, tostring(cell.again), cell.look)
end

-- Rows of cells that each know their column. What spans several rows stands in the first of them,
-- and in each of the others again if it names them.
local function place_rows(rows, count, named)
  local placed, waiting = pandoc.List(), {}
  for _, row in ipairs(rows) do
    local cells, x, next_cell = pandoc.List(), 0, 1
    while x < count do
      local cell = waiting[x]
      if cell then
        cell.left = cell.left - 1
        local again = cell.x < named
        cells:insert({ text = again and cell.text or '""', body = again and cell.body or "none",
          x = x, span = cell.span, again = again, look = cell.look })
        if cell.left == 0 then waiting[x] = nil end
      else
        local source = row.cells[next_cell]
        next_cell = next_cell + 1
        cell = { text = '""', body = "none", x = x, span = 1, again = false, look = "(:)" }
        if source then
          cell.text, cell.body = read_cell(source)
          cell.look = read_look(source)
          cell.span = math.min(source.col_span, count - x)
          if source.row_span > 1 then cell.left = source.row_span - 1; waiting[x] = cell end
        end
        cells:insert(cell)
      end
      x = x + cell.span
    end
    placed:insert(cells)
  end
  return placed
end

local function write_rows(rows)
  local lines = rows:map(function(cells)
    return "(" .. table.concat(cells:map(write_cell), ", ") .. ",)"
  end)
  return "(" .. table.concat(lines, ",\n") .. (#lines > 0 and "," or "") .. ")"
end

local NUMBER = "^[-+−–]?[%d.,%s%%]*%d[%d.,%s%%]*[eE]?[-+]?%d*$"
local NOTHING = { [""] = true, ["NaN"] = true, ["NaT"] = true, ["None"] = true, ["<NA>"] = true,
  ["–"] = true, ["inf"] = true, ["-inf"] = true }

local function align_column(spec, x, rows)
  if spec == "AlignRight" then return "right" end
  if spec == "AlignCenter" then return "center" end
  if spec == "AlignLeft" then return "left" end
  local numbers = 0
  for _, cells in ipairs(rows) do
    for _, cell in ipairs(cells) do
      local text = cell.text:sub(2, -2)
      if cell.x == x and not NOTHING[text] then
        if not text:match(NUMBER) then return "left" end
        numbers = numbers + 1
      end
    end
  end
  return numbers > 0 and "right" or "left"
end

local function write_frame(grid, turn)
  local count = #grid.colspecs
  local stub = 0
  for _, body in ipairs(grid.bodies) do stub = math.max(stub, body.row_head_columns) end
  local heads = place_rows(grid.head.rows, count, 0)
  local rows = pandoc.List()
  for _, body in ipairs(grid.bodies) do
    rows:extend(place_rows(body.head, count, stub))
    rows:extend(place_rows(body.body, count, stub))
  end
  local foot = place_rows(grid.foot.rows, count, stub)
  rows:extend(foot)
  local aligns = pandoc.List()
  for x, spec in ipairs(grid.colspecs) do
    aligns:insert(x <= stub and "left" or align_column(spec[1], x - 1, rows))
  end
  local caption = "none"
  if #grid.caption.long > 0 then
    caption = "[" .. pandoc.write(pandoc.Pandoc(grid.caption.long), "typst"):gsub("%s+$", "") .. "]"
  end
  local data = string.format(
    "(heads: %s,\nrows: %s,\naligns: (%s,), stub: %d, index: %d, groups: (), totals: %d)",
    write_rows(heads), write_rows(rows), table.concat(aligns, ", "), math.max(stub, 1), stub, #foot)
  return pandoc.RawBlock("typst", string.format("#frame(%s, turn: %s, caption: %s)", data, tostring(turn), caption))
end

function Pandoc(document)
  -- Only what stands on the page itself can turn it
  local blocks = document.blocks:map(function(block)
    return block.t == "Table" and write_frame(block, true) or block
  end)
  return pandoc.Pandoc(pandoc.Blocks(blocks):walk({ Table = function(grid) return write_frame(grid, false) end }))
end
