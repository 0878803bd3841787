-- Reads each fragment on its own, so that nothing unclosed in one can reach into the next, and
-- keeps only what is text: no raw markup, no styles but those that Python has read, no picture but
-- those that it has found, no odd links.

local level = 1
local used = {}
local anchors = {}
local pictures = {}
local styles = {}
local on_paper = FORMAT == "typst"

local function safe_target(target)
  return target:match("^https?://") or target:match("^mailto:") or anchors[target]
end

-- A word of 25 letters and more gets invisible places to break at, on paper
local function break_word(str)
  if not on_paper or utf8.len(str.text) < 25 then return str end
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
  if not on_paper then return nil end
  local body = pandoc.write(pandoc.Pandoc({ pandoc.Plain({ math }) }), "typst"):gsub("%s+$", "")
  local alt = math.text:gsub("\\", "\\\\"):gsub('"', '\\"')
  return pandoc.RawInline("typst", '#[#set math.equation(alt: "' .. alt .. '");' .. body .. "]")
end

-- What a Styler said of a cell, as Python has read it
local function dress(cell)
  local own = (cell.attr.attributes.style or ""):gsub("%s+", ""):gsub(";$", "")
  local style = styles["#" .. cell.attr.identifier] or styles[own] or {}
  local attributes = {}
  if on_paper then
    local function quote(colour) return colour and ('rgb("' .. colour .. '")') end
    attributes["typst:fill"] = quote(style.fill)
    attributes["typst:text:fill"] = quote(style.colour)
    attributes["typst:text:weight"] = style.weight and '"bold"'
    attributes["typst:text:style"] = style.slope and '"italic"'
  end
  cell.attr = pandoc.Attr("", { not on_paper and style.class or nil }, attributes)
  if style.align then cell.alignment = style.align end
end

local function plain_rows(rows)
  for _, row in ipairs(rows) do
    row.attr = pandoc.Attr()
    for _, cell in ipairs(row.cells) do dress(cell) end
  end
end

local function decode(target)
  return (target:gsub("%%(%x%x)", function(code) return string.char(tonumber(code, 16)) end))
end

-- A picture that the notebook brings; the words of another stand in its place
local function find_picture(image)
  local name = pictures[decode(image.src)]
  if not name then
    return pandoc.Emph(#image.caption > 0 and image.caption or { pandoc.Str("picture") })
  end
  local width = (image.attributes.width or ""):match("^%d+")
  local alt = pandoc.utils.stringify(image.caption)
  return pandoc.Image(alt ~= "" and alt or "Picture without a description", name, "", {
    width = not (image.attributes.width or ""):find("%%") and width or nil,
  })
end

local function escape(text)
  local signs = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }
  return (text:gsub('[&<>"]', signs))
end

local function quote(text) return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"') .. '"' end

local function place_image(image)
  if not on_paper then return nil end
  local width = image.attributes.width
  local size = width and (", width: " .. tonumber(width) * 0.75 .. "pt") or ""
  local alt = quote(pandoc.utils.stringify(image.caption))
  return pandoc.RawInline("typst", "#picture-in-line(" .. quote(image.src) .. ", " .. alt .. size .. ")")
end

-- A picture that is a paragraph is set as those that a cell shows
local function place_paragraph(paragraph)
  local image = paragraph.content[1]
  if #paragraph.content ~= 1 or image.t ~= "Image" then return nil end
  local alt, width = pandoc.utils.stringify(image.caption), image.attributes.width
  if on_paper then
    local size = width and (", width: " .. tonumber(width) * 0.75 .. "pt") or ""
    return pandoc.RawBlock("typst", "#picture(" .. quote(image.src) .. ", " .. quote(alt) .. size .. ")")
  end
  local size = width and (' width="' .. width .. '"') or ""
  return pandoc.RawBlock("html", '<p class="picture"><img src="' .. image.src .. '" alt="' .. escape(alt) .. '"' .. size .. "></p>")
end

local placing = { traverse = "topdown", Para = place_paragraph, Plain = place_paragraph, Image = place_image }

local cleaning = {
  traverse = "topdown",
  RawInline = function() return {} end,
  RawBlock = function() return {} end,
  Image = find_picture,
  Link = function(link)
    if not safe_target(link.target) then return link.content end
    return pandoc.Link(link.content, link.target)
  end,
  Span = function(span) return span.content end,
  Div = function(div) return div.content end,
  Figure = function(figure)
    local blocks = figure.content:clone()
    blocks:extend(figure.caption.long)
    return blocks
  end,
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

local function read_html(text)
  return pandoc.read(text, "html-native_divs-native_spans").blocks
end

-- Of the raw HTML in Markdown only its pictures are kept
local keeping_pictures = {
  RawInline = function(raw)
    local found = {}
    read_html(raw.text):walk({ Image = function(image) table.insert(found, image) end })
    return found
  end,
  RawBlock = function(raw) return read_html(raw.text) end,
}

local function parse(block)
  if block.classes[1] == "html" then return read_html(block.text) end
  local raw = block.text:lower():find("<img", 1, true) and "+raw_html-native_divs-native_spans" or "-raw_html"
  local format = "markdown" .. raw .. "-raw_tex-raw_attribute-implicit_figures-citations-example_lists"
    .. "-yaml_metadata_block-pandoc_title_block-latex_macros+lists_without_preceding_blankline"
  local blocks = pandoc.read(block.text, format).blocks
  return raw == "-raw_html" and blocks or blocks:walk(keeping_pictures)
end

local function read_table(text) return text and pandoc.json.decode(text, false) or {} end

local function read_fragment(block)
  pictures = read_table(block.attributes.pictures)
  styles = read_table(block.attributes.styles)
  return parse(block):walk(cleaning):walk(placing):walk({
    Header = function(header)
      level = math.min(math.max(header.level, 2), level + 1)
      header.level = level
      header.attr = pandoc.Attr(give_anchor(header, block.attributes.chapter))
      return header
    end,
  })
end

-- What the pictures of a fragment link to, with their descriptions
local function list_pictures(block)
  local found = pandoc.List()
  parse(block):walk({
    Image = function(image)
      found:insert({ decode(image.src), pandoc.utils.stringify(image.caption) })
    end,
  })
  return pandoc.CodeBlock(pandoc.json.encode(found))
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
    elseif FORMAT == "json" then
      blocks:insert(list_pictures(block))
    else
      blocks:insert(pandoc.RawBlock(on_paper and "typst" or "html", mark))
      blocks:extend(read_fragment(block))
    end
  end
  return pandoc.Pandoc(blocks)
end
