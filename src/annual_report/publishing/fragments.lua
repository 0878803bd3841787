-- Reads each fragment on its own, so that nothing unclosed in one can reach into the next, and
-- keeps only what is text: no raw markup, no styles, no picture from elsewhere, no odd links.

local level = 1
local used = {}
local anchors = {}

local function safe_target(target)
  return target:match("^https?://") or target:match("^mailto:") or anchors[target]
end

-- A word of 25 letters and more gets invisible places to break at, on paper
local function break_word(str)
  if FORMAT ~= "typst" or utf8.len(str.text) < 25 then return str end
  local pieces, count = {}, 0
  for _, code in utf8.codes(str.text) do
    count = count + 1
    table.insert(pieces, utf8.char(code))
    if count % 12 == 0 then table.insert(pieces, "\u{200b}") end
  end
  return pandoc.Str(table.concat(pieces))
end

-- An equation on paper needs words for those who cannot see it; its TeX source serves
local function describe_math(math)
  if FORMAT ~= "typst" then return nil end
  local body = pandoc.write(pandoc.Pandoc({ pandoc.Plain({ math }) }), "typst"):gsub("%s+$", "")
  local alt = math.text:gsub("\\", "\\\\"):gsub('"', '\\"')
  return pandoc.RawInline("typst", '#[#set math.equation(alt: "' .. alt .. '");' .. body .. "]")
end

local function plain_rows(rows)
  for _, row in ipairs(rows) do
    row.attr = pandoc.Attr()
    for _, cell in ipairs(row.cells) do cell.attr = pandoc.Attr() end
  end
end

local cleaning = {
  traverse = "topdown",
  RawInline = function() return {} end,
  RawBlock = function() return {} end,
  Image = function(image)
    return pandoc.Emph(#image.caption > 0 and image.caption or { pandoc.Str("picture") })
  end,
  Link = function(link)
    if not safe_target(link.target) then return link.content end
    return pandoc.Link(link.content, link.target)
  end,
  Span = function(span) return span.content end,
  Div = function(div) return div.content end,
  Figure = function(figure) return figure.content end,
  Code = function(code) return pandoc.Code(code.text) end,
  CodeBlock = function(block) return pandoc.CodeBlock(block.text) end,
  Str = break_word,
  Math = describe_math,
  Table = function(grid)
    grid.attr = pandoc.Attr()
    plain_rows(grid.head.rows)
    plain_rows(grid.foot.rows)
    for _, body in ipairs(grid.bodies) do
      plain_rows(body.head)
      plain_rows(body.body)
    end
    return grid
  end,
}

local function give_anchor(header, chapter)
  local slug = pandoc.utils.stringify(header):lower():gsub("[^%w]+", "-"):gsub("^%-+", ""):gsub("%-+$", "")
  local anchor = chapter .. "-" .. (slug ~= "" and slug or "part")
  used[anchor] = (used[anchor] or 0) + 1
  return used[anchor] == 1 and anchor or anchor .. "-" .. used[anchor]
end

local function read_fragment(block)
  local format = block.classes[1] == "html" and "html-native_divs-native_spans"
    or "markdown-raw_html-raw_tex-raw_attribute-implicit_figures-citations-example_lists"
       .. "-yaml_metadata_block-pandoc_title_block-latex_macros+lists_without_preceding_blankline"
  local blocks = pandoc.read(block.text, format).blocks
  return blocks:walk(cleaning):walk({
    Header = function(header)
      level = math.min(math.max(header.level, 2), level + 1)
      header.level = level
      header.attr = pandoc.Attr(give_anchor(header, block.attributes.chapter))
      return header
    end,
  })
end

function Pandoc(document)
  local blocks, mark = pandoc.List(), ""
  for _, block in ipairs(document.blocks) do
    if block.classes[1] == "mark" then
      mark = block.text
    elseif block.classes[1] == "anchors" then
      for anchor in block.text:gmatch("%S+") do anchors["#" .. anchor] = true end
    elseif block.classes[1] == "heading" then
      level = tonumber(block.attributes.level)
    else
      blocks:insert(pandoc.RawBlock(FORMAT == "typst" and "typst" or "html", mark))
      blocks:extend(read_fragment(block))
    end
  end
  return pandoc.Pandoc(blocks)
end
