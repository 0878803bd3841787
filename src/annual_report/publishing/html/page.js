"use strict";
/* Contents that follow the reader, search, tables to sort and filter, the way back of a number,
   downloads made of what is on the page. Without it everything can still be read. */
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (tag, options = {}, attributes = {}) => {
    const element = Object.assign(document.createElement(tag), options);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const foldCase = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const titleOf = (exhibit) => exhibit.querySelector(".title").textContent;
  const chapters = all(".chapter");

  /* ---- Contents: a bar on a narrow screen; the chapter being read is marked ---- */
  const fold = document.querySelector(".fold");
  const narrow = matchMedia("(max-width: 900px)");
  const setFold = (open) => {
    fold.open = open || !narrow.matches;
    fold.toggleAttribute("data-unfolded", fold.open);
  };
  fold.addEventListener("toggle", () => setFold(fold.open));
  narrow.addEventListener("change", () => setFold(false));
  setFold(false);

  const links = new Map(all(".side nav a").map((link) => [link.hash.slice(1), link]));
  let current = null;
  const follow = () => {
    const passed = chapters.filter((c) => c.getBoundingClientRect().top < innerHeight * 0.3);
    const link = links.get((passed.at(-1) ?? chapters[0])?.id);
    if (!link || link === current) return;
    current?.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    const group = link.closest("nav details");
    if (group) group.open = true;
    current = link;
  };
  let asked = false;
  addEventListener("scroll", () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; follow(); });
  }, { passive: true });
  follow();

  /* ---- Search over chapters, clusters and exhibits ---- */
  const nameOf = (exhibit) => exhibit.querySelector(".no")?.textContent ?? "Exhibit";
  const headOf = (chapter) => chapter.querySelector("h2").textContent;
  const places = [
    ...chapters.map((c) => ({ href: `#${c.id}`, title: headOf(c), kind: c.dataset.part })),
    ...all(".register a").map((a) => ({
      href: a.getAttribute("href"), title: a.textContent, kind: "Cluster profile",
    })),
    ...all(".exhibit").map((e) => ({
      href: `#${e.id}`, title: titleOf(e), kind: `${nameOf(e)}, ${headOf(e.closest(".chapter"))}`,
    })),
  ].map((place) => ({ ...place, words: foldCase(`${place.title} ${place.kind}`) }));
  const label = "Search clusters and exhibits";
  const input = make("input", { type: "search", placeholder: label }, { "aria-label": label });
  const found = make("ul", { className: "found", hidden: true });
  const count = make("p", { className: "sr" }, { role: "status" });
  document.getElementById("search").append(input, count, found);
  const showPlace = (place) => {
    const link = make("a", { href: place.href, textContent: place.title });
    link.append(make("small", { textContent: place.kind }));
    const item = make("li");
    item.append(link);
    return item;
  };
  input.addEventListener("input", () => {
    const words = foldCase(input.value).split(/\s+/).filter(Boolean);
    const hits = words.length ? places.filter((p) => words.every((w) => p.words.includes(w))) : [];
    found.replaceChildren(...hits.slice(0, 12).map(showPlace));
    found.hidden = !hits.length;
    count.textContent = words.length ? `${hits.length} found` : "";
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") found.querySelector("a")?.click();
    if (event.key !== "Escape") return;
    input.value = "";
    input.dispatchEvent(new Event("input"));
  });
  fold.addEventListener("click", (event) => {
    if (event.target.closest("a")) setFold(false);
  });

  /* ---- The way back of a number: on focus, on hover, and for a screen reader ---- */
  const tip = make("div", { className: "tip", id: "way-back", hidden: true }, { role: "tooltip" });
  document.body.append(tip);
  let shown = null;
  const hideTip = () => {
    if (!shown) return;
    shown.title = tip.textContent;
    shown.removeAttribute("aria-describedby");
    tip.hidden = true;
    shown = null;
  };
  const showTip = (number) => {
    if (number === shown) return;
    hideTip();
    shown = number;
    tip.textContent = number.title;
    number.removeAttribute("title");
    number.setAttribute("aria-describedby", tip.id);
    tip.hidden = false;
    const box = number.getBoundingClientRect();
    const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
    const below = box.bottom + tip.offsetHeight + 8 < innerHeight;
    tip.style.left = `${Math.max(8, Math.min(box.left, room)) + scrollX}px`;
    tip.style.top = `${(below ? box.bottom + 6 : box.top - tip.offsetHeight - 6) + scrollY}px`;
  };
  const onNumber = (event) => event.target.closest?.(".num");
  const showOrHide = (event) => (onNumber(event) ? showTip(onNumber(event)) : hideTip());
  document.addEventListener("focusin", showOrHide);
  document.addEventListener("click", showOrHide);
  document.addEventListener("mouseover", (event) => {
    if (onNumber(event)) showTip(onNumber(event));
    else if (!event.target.closest?.(".tip") && document.activeElement !== shown) hideTip();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hideTip();
    else if (event.key === "Enter" && onNumber(event)) showTip(onNumber(event));
  });

  /* One stop of the Tab key for all numbers of a table; arrow keys go on from there. */
  for (const table of all("table")) {
    all(".num", table).forEach((number, i) => { number.tabIndex = i ? -1 : 0; });
  }
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  document.addEventListener("keydown", (event) => {
    const number = steps[event.key] && event.target.closest?.("table .num");
    if (!number) return;
    const cell = number.closest("td, th");
    const rows = all("tr", number.closest("table")).filter((row) => !row.hidden);
    const line = event.key === "ArrowDown" || event.key === "ArrowUp"
      ? rows.map((row) => row.children[cell.cellIndex]?.querySelector(".num")).filter(Boolean)
      : all(".num", cell.parentElement);
    const next = line[line.indexOf(number) + steps[event.key]];
    if (!next) return;
    event.preventDefault();
    number.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });

  /* ---- Tables: sort by a column, keep the rows that hold a word ---- */
  const valueOf = (row, column) => {
    const cell = row.children[column];
    const text = cell.textContent.trim();
    if (cell.dataset.v !== undefined) return Number(cell.dataset.v);
    return cell.querySelector(".mark") || !text ? null : text;
  };
  const compare = (a, b) => {
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a).localeCompare(String(b), document.documentElement.lang, { numeric: true });
  };
  const sort = (table, column, head) => {
    const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    for (const other of all("th[aria-sort]", table)) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
    const rows = [...table.tBodies[0].rows].map((row) => [valueOf(row, column), row]);
    const known = rows.filter(([value]) => value !== null);
    known.sort(([a], [b]) => sign * compare(a, b));
    /* What is missing stands last, whichever way the others go. */
    const unknown = rows.filter(([value]) => value === null);
    table.tBodies[0].append(...[...known, ...unknown].map(([, row]) => row));
  };
  for (const table of all(".sortable table")) {
    all("thead th", table).forEach((head, column) => {
      const button = make("button", { type: "button" });
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => sort(table, column, head));
    });
    const rows = [...table.tBodies[0].rows];
    if (rows.length < 8) continue;
    const filter = make("input", { type: "search", className: "filter", placeholder: "Filter rows" },
      { "aria-label": `Filter the rows of: ${table.caption.textContent}` });
    filter.addEventListener("input", () => {
      const word = foldCase(filter.value.trim());
      for (const row of rows) row.hidden = !foldCase(row.textContent).includes(word);
    });
    table.parentElement.before(filter);
  }

  /* ---- The register of a report whose profiles are files of their own ---- */
  for (const register of all(".register")) {
    const items = all("li", register).map((item) => [item, foldCase(item.textContent)]);
    const told = make("p", { className: "muted" }, { role: "status" });
    const tell = (shown) => { told.textContent = `${shown} of ${items.length} clusters`; };
    const label = "Find a cluster by name, country, year or return";
    const finder = make("input", { type: "search", className: "filter", placeholder: "Find a cluster" },
      { "aria-label": label });
    finder.addEventListener("input", () => {
      const words = foldCase(finder.value).split(/\s+/).filter(Boolean);
      for (const [item, text] of items) item.hidden = !words.every((word) => text.includes(word));
      tell(items.filter(([item]) => !item.hidden).length);
    });
    tell(items.length);
    register.before(finder, told);
  }

  /* What scrolls sideways can be reached by keyboard. */
  const watched = all(".scroll, .drawing, pre");
  const watch = new ResizeObserver((entries) => {
    for (const { target: box } of entries) {
      const exhibit = box.closest(".exhibit");
      const part = box.matches(".drawing") ? "figure" : "table";
      const needed = box.scrollWidth > box.clientWidth + 1;
      const alone = `${box.matches("pre") ? "Printed text" : "Table"} ${watched.indexOf(box) + 1}`;
      const name = exhibit ? `${nameOf(exhibit)}, ${part}: ${titleOf(exhibit)}` : alone;
      for (const [key, value] of [["tabindex", 0], ["role", "region"], ["aria-label", name]]) {
        if (needed) box.setAttribute(key, value);
        else box.removeAttribute(key);
      }
    }
  });
  for (const box of watched) watch.observe(box);

  /* ---- Downloads ---- */
  const save = (blob, name) => {
    const link = make("a", { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const quote = (text) => (/[",\r\n;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const writeHead = (cell) => {
    const unit = cell.querySelector(".unit")?.textContent;
    const text = cell.textContent.trim();
    return quote(unit ? `${text.slice(0, -unit.length).trim()} (${unit})` : text);
  };
  const writeCell = (cell) => {
    if (cell.dataset.v !== undefined) return cell.dataset.v;
    const text = cell.querySelector(".mark")?.getAttribute("aria-label") ?? cell.textContent.trim();
    return quote(/^[=+\-@]/.test(text) ? `'${text}` : text);
  };
  const writeCsv = (table) => [...table.rows]
    .map((row) => [...row.cells].map(row.closest("thead") ? writeHead : writeCell).join(","))
    .join("\r\n");
  const writeSvg = (exhibit) => {
    const space = "http://www.w3.org/2000/svg";
    const svg = exhibit.querySelector(".drawing svg").cloneNode(true);
    const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
    svg.setAttribute("xmlns", space);
    svg.setAttribute("width", width * 2);
    svg.setAttribute("height", height * 2);
    const style = document.createElementNS(space, "style");
    const rules = [...document.styleSheets[0].cssRules];
    style.textContent = rules.filter((r) => r instanceof CSSFontFaceRule).map((r) => r.cssText).join("");
    svg.prepend(style);
    return new XMLSerializer().serializeToString(svg);
  };
  const savePng = (exhibit) => {
    const image = new Image();
    image.addEventListener("load", () => {
      const canvas = make("canvas", { width: image.width * 2, height: image.height * 2 });
      const context = canvas.getContext("2d");
      context.fillStyle = "#fff";
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => save(blob, `${exhibit.id}.png`));
    });
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(writeSvg(exhibit))}`;
  };
  for (const exhibit of all(".exhibit")) {
    const tools = make("div", { className: "tools" });
    const offer = (name, act) => {
      const words = { "aria-label": `${name} of ${nameOf(exhibit)}` };
      const button = make("button", { type: "button", textContent: name }, words);
      button.addEventListener("click", act);
      tools.append(button);
    };
    const saveText = (text, type, suffix) => save(new Blob([text], { type }), `${exhibit.id}.${suffix}`);
    offer("CSV", () => saveText(`\ufeff${writeCsv(exhibit.querySelector("table"))}`, "text/csv", "csv"));
    if (exhibit.querySelector(".drawing")) {
      offer("SVG", () => saveText(writeSvg(exhibit), "image/svg+xml", "svg"));
      offer("PNG", () => savePng(exhibit));
    }
    tools.append(make("a", { href: `#${exhibit.id}`, textContent: "Link" },
      { "aria-label": `Link to ${nameOf(exhibit)}` }));
    const foot = make("div", { className: "foot" });
    const data = exhibit.querySelector("details.data");
    foot.append(...(data ? [data] : []), tools);
    exhibit.append(foot);
  }
})();
