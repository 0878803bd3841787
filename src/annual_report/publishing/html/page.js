"use strict";
/* Contents that follow, search, sortable tables, the way back of a number, downloads. */
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (tag, options = {}) => Object.assign(document.createElement(tag), options);

  /* ---- Contents: folded on a narrow screen, and marking the chapter being read ---- */
  const fold = document.querySelector(".fold");
  const narrow = matchMedia("(max-width: 900px)");
  const setFold = () => { fold.open = !narrow.matches; };
  narrow.addEventListener("change", setFold);
  setFold();
  const links = new Map(all(".side nav a").map((a) => [a.hash.slice(1), a]));
  const chapters = all(".chapter");
  const follow = () => {
    let now = chapters[0];
    for (const chapter of chapters) {
      if (chapter.getBoundingClientRect().top > innerHeight * 0.3) break;
      now = chapter;
    }
    for (const [id, link] of links) {
      if (now && id === now.id) {
        if (link.getAttribute("aria-current")) continue;
        link.setAttribute("aria-current", "true");
        const group = link.closest("nav details");
        if (group) group.open = true;
      } else link.removeAttribute("aria-current");
    }
  };
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; follow(); });
  }, { passive: true });
  follow();
  document.querySelector(".side nav").addEventListener("click", (event) => {
    if (event.target.closest("a") && narrow.matches) fold.open = false;
  });

  /* ---- Search over chapters, clusters and exhibits ---- */
  const places = [
    ...chapters.map((c) => ({ id: c.id, title: c.querySelector("h2").textContent, kind: c.dataset.part })),
    ...all(".exhibit").map((e) => ({
      id: e.id,
      title: e.querySelector(".title").textContent,
      kind: `${e.querySelector(".no")?.textContent ?? "Exhibit"}, ${e.closest(".chapter").querySelector("h2").textContent}`,
    })),
    ...all(".register a").map((a) => ({ href: a.getAttribute("href"), title: a.textContent, kind: "Cluster profile" })),
  ];
  const fold_case = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const input = make("input", { type: "search", placeholder: "Search clusters and exhibits" });
  input.setAttribute("aria-label", "Search clusters and exhibits");
  const found = make("ul", { className: "found", hidden: true });
  const count = make("p", { className: "sr" });
  count.setAttribute("role", "status");
  document.getElementById("search").append(input, count, found);
  input.addEventListener("input", () => {
    const words = fold_case(input.value).split(/\s+/).filter(Boolean);
    const hits = words.length
      ? places.filter((p) => words.every((w) => fold_case(`${p.title} ${p.kind}`).includes(w))).slice(0, 12)
      : [];
    found.replaceChildren(...hits.map((hit) => {
      const link = make("a", { href: hit.href ?? `#${hit.id}`, textContent: hit.title });
      link.append(make("small", { textContent: hit.kind }));
      const item = make("li");
      item.append(link);
      return item;
    }));
    found.hidden = !hits.length;
    count.textContent = words.length ? `${hits.length} found` : "";
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { input.value = ""; input.dispatchEvent(new Event("input")); }
    if (event.key === "Enter") found.querySelector("a")?.click();
  });
  found.addEventListener("click", (event) => {
    if (event.target.closest("a") && narrow.matches) fold.open = false;
  });

  /* ---- The way back of a number ---- */
  const tip = make("div", { className: "tip", id: "way-back", hidden: true });
  tip.setAttribute("role", "tooltip");
  document.body.append(tip);
  let shown = null;
  const hide = () => {
    if (!shown) return;
    shown.title = shown.dataset.source;
    shown.removeAttribute("aria-describedby");
    tip.hidden = true;
    shown = null;
  };
  const show = (number) => {
    if (number === shown) return;
    hide();
    shown = number;
    number.dataset.source = number.title;
    number.removeAttribute("title");
    number.setAttribute("aria-describedby", tip.id);
    tip.textContent = number.dataset.source;
    tip.hidden = false;
    const box = number.getBoundingClientRect();
    const left = Math.max(8, Math.min(box.left, document.documentElement.clientWidth - tip.offsetWidth - 8));
    const below = box.bottom + tip.offsetHeight + 8 < innerHeight;
    tip.style.left = `${left + scrollX}px`;
    tip.style.top = `${(below ? box.bottom + 6 : box.top - tip.offsetHeight - 6) + scrollY}px`;
  };
  const number_of = (event) => event.target.closest?.(".num");
  document.addEventListener("focusin", (event) => { const n = number_of(event); n ? show(n) : hide(); });
  document.addEventListener("mouseover", (event) => {
    const n = number_of(event);
    if (n) show(n);
    else if (!event.target.closest?.(".tip") && document.activeElement !== shown) hide();
  });
  document.addEventListener("click", (event) => { const n = number_of(event); if (n) show(n); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });

  /* One stop of the Tab key for all numbers of a table; arrow keys go on from there. */
  for (const table of all("table")) all(".num", table).forEach((n, i) => { n.tabIndex = i ? -1 : 0; });
  document.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const number = step && event.target.closest?.("table .num");
    if (!number) return;
    const cell = number.closest("td,th");
    const row = cell.parentElement;
    const rows = all("tr", number.closest("table")).filter((r) => !r.hidden);
    const vertical = event.key === "ArrowDown" || event.key === "ArrowUp";
    const line = vertical
      ? rows.map((r) => r.children[cell.cellIndex]?.querySelector(".num")).filter(Boolean)
      : all(".num", row);
    const next = line[line.indexOf(number) + step];
    if (!next) return;
    event.preventDefault();
    number.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });

  /* ---- Tables: sort by a column, keep the rows that hold a word ---- */
  const key_of = (row, column) => {
    const cell = row.children[column];
    return cell.dataset.v !== undefined ? Number(cell.dataset.v) : cell.textContent.trim();
  };
  const compare = (a, b) => {
    if (typeof a === "number" && typeof b === "number") return a - b;
    if (typeof a === "number") return -1;
    if (typeof b === "number") return 1;
    return a.localeCompare(b);
  };
  const sort = (table, column, head) => {
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of all("th[aria-sort]", table)) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const body = table.tBodies[0];
    const empty = (row) => ["", "–", "⊘", "n/a"].includes(row.children[column].textContent.trim());
    const rows = [...body.rows].sort((a, b) => {
      if (empty(a) !== empty(b)) return empty(a) ? 1 : -1;
      const order = compare(key_of(a, column), key_of(b, column));
      return down ? -order : order;
    });
    body.append(...rows);
  };
  for (const table of all(".sortable table")) {
    all("thead th", table).forEach((head, column) => {
      const button = make("button", { type: "button" });
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => sort(table, column, head));
    });
    if (table.tBodies[0].rows.length < 8) continue;
    const filter = make("input", { type: "search", className: "filter", placeholder: "Filter rows" });
    filter.setAttribute("aria-label", `Filter the rows of: ${table.caption.textContent}`);
    filter.addEventListener("input", () => {
      const word = fold_case(filter.value.trim());
      for (const row of table.tBodies[0].rows) row.hidden = !fold_case(row.textContent).includes(word);
    });
    table.parentElement.before(filter);
  }

  /* What scrolls sideways can be reached by keyboard. */
  const name_of = (box) => {
    const exhibit = box.closest(".exhibit");
    const part = box.matches(".drawing") ? "figure" : "table";
    return `${exhibit.querySelector(".no").textContent}, ${part}: ${exhibit.querySelector(".title").textContent}`;
  };
  for (const box of all(".exhibit .scroll, .exhibit .drawing")) {
    new ResizeObserver(() => {
      if (box.scrollWidth > box.clientWidth + 1) {
        box.tabIndex = 0;
        box.setAttribute("role", "region");
        box.setAttribute("aria-label", name_of(box));
      } else { box.removeAttribute("tabindex"); box.removeAttribute("role"); box.removeAttribute("aria-label"); }
    }).observe(box);
  }

  /* ---- Downloads, made of what is on the page ---- */
  const save = (blob, name) => {
    const link = make("a", { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const csv_cell = (cell) => {
    if (cell.dataset.v !== undefined) return cell.dataset.v;
    let text = cell.querySelector(".mark")?.getAttribute("aria-label") ?? cell.textContent.trim();
    if (/^[=+\-@\t]/.test(text)) text = `'${text}`;
    return /[",\n;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const head_cell = (cell) => {
    const unit = cell.querySelector(".unit")?.textContent;
    const label = cell.textContent.replace(unit ?? "", "").trim();
    return unit ? `${label} (${unit})` : label;
  };
  const to_csv = (table) => [...table.rows].map((row) => [...row.cells].map((cell) => {
    if (!row.closest("thead")) return csv_cell(cell);
    const text = head_cell(cell);
    return /[",\n;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }).join(",")).join("\r\n");
  const to_svg = (exhibit) => {
    const svg = exhibit.querySelector(".drawing svg").cloneNode(true);
    svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
    svg.setAttribute("width", width * 2);
    svg.setAttribute("height", height * 2);
    const fonts = [...document.styleSheets[0].cssRules].filter((r) => r instanceof CSSFontFaceRule);
    const style = document.createElementNS("http://www.w3.org/2000/svg", "style");
    style.textContent = fonts.map((r) => r.cssText).join("");
    svg.prepend(style);
    return new XMLSerializer().serializeToString(svg);
  };
  const save_png = (exhibit) => {
    const image = new Image();
    image.onload = () => {
      const canvas = make("canvas", { width: image.width * 2, height: image.height * 2 });
      const context = canvas.getContext("2d");
      context.fillStyle = "#fff";
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => save(blob, `${exhibit.id}.png`));
    };
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(to_svg(exhibit))}`;
  };
  for (const exhibit of all(".exhibit")) {
    const tools = make("div", { className: "tools" });
    const add = (label, act) => {
      const button = make("button", { type: "button", textContent: label });
      button.setAttribute("aria-label", `${label} of ${exhibit.querySelector(".title").textContent}`);
      button.addEventListener("click", act);
      tools.append(button);
    };
    add("CSV", () => save(new Blob(["\ufeff", to_csv(exhibit.querySelector("table"))], { type: "text/csv" }), `${exhibit.id}.csv`));
    if (exhibit.querySelector(".drawing")) {
      add("SVG", () => save(new Blob([to_svg(exhibit)], { type: "image/svg+xml" }), `${exhibit.id}.svg`));
      add("PNG", () => save_png(exhibit));
    }
    const link = make("a", { href: `#${exhibit.id}`, textContent: "Link", className: "here" });
    link.setAttribute("aria-label", `Link to ${exhibit.querySelector(".title").textContent}`);
    const foot = make("div", { className: "foot" });
    const details = exhibit.querySelector("details.data");
    exhibit.append(foot);
    if (details) foot.append(details);
    foot.append(tools);
    tools.append(link);
  }
})();
