from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from annual_report.exhibits.look.tokens import TOKENS
from annual_report.publishing.blocks import Chapter, Entry, Fragment, Plain, Register
from annual_report.publishing.document import Document
from annual_report.publishing.page import render_page

WIDTHS = (320, 768, 1440)


class Page(HTMLParser):
    """Ids, links and headings of a page as a browser reads them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[int] = []
        self.attributes: set[str] = set()
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.add(tag)
        self.attributes |= set(found)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag == "a":
            self.links.append(str(found.get("href")))
        if re.fullmatch(r"h\d", tag):
            self.headings.append(int(tag[1]))


def test_ids_are_unique_and_links_inside_lead_somewhere(page: str) -> None:
    read = Page(page)
    assert len(read.ids) == len(set(read.ids))
    inside = {link[1:] for link in read.links if link.startswith("#")}
    assert inside <= set(read.ids)


def test_headings_are_in_order(page: str) -> None:
    levels = Page(page).headings
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))  # noqa: RUF007


def test_nothing_is_asked_of_any_network(page: str) -> None:
    assert not re.findall(r"""(?:src|srcset|poster|data|action)=["']?(?:https?:)?//""", page)
    assert not re.findall(r"url\((?!data:|#)", page)
    assert "@import" not in page
    assert "default-src 'none'" in page


def test_no_script_or_style_but_ours(page: str) -> None:
    read = Page(page)
    assert not {name for name in read.attributes if name.startswith("on") or name == "style"}
    assert page.count("<script>") == page.count("sha256-") - 1 == 2
    assert not read.tags & {"iframe", "object", "embed", "form", "base", "link"}


def test_every_token_has_its_dark_counterpart(page: str) -> None:
    for token in TOKENS:
        assert f"--{token.name}:{token.dark};" in page
        assert f'svg:not(.as-drawn) [fill="{token.light}"]{{fill:var(--{token.name})}}' in page


def test_the_same_document_gives_the_same_page(document: Document, page: str) -> None:
    assert render_page(document) == page


def test_a_page_brings_the_letters_that_it_needs() -> None:
    def embed(text: str) -> str:
        return render_page(Document("T", (Chapter("A", "a", (Plain(text),)),)))

    assert "unicode-range" not in embed("Latin – with ✔ ▲ and Łódź")
    assert "unicode-range:U+5929,U+6D25" in embed("天津")
    assert "unicode-range:U+1EA1" in embed("ạ")


# ---- In a browser -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address(page: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(page, encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Callable[..., Any]]:
    contexts = []

    def open_page(width: int = 1440, height: int = 900, at: str = address, **options: Any) -> Any:
        viewport = {"width": width, "height": height}
        context = browser.new_context(viewport=viewport, accept_downloads=True, **options)
        contexts.append(context)
        opened = context.new_page()
        opened.complaints = []
        opened.on("console", lambda message: opened.complaints.append(message.text))
        opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
        opened.on("request", lambda request: opened.complaints.append(request.url)
                  if request.url.startswith("http") else None)  # fmt: skip
        opened.goto(at)
        return opened

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.browser
@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_a_page_fits_and_is_quiet(visit: Callable[..., Any], width: int, mode: str) -> None:
    opened = visit(width, color_scheme=mode)
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.complaints == []


@pytest.mark.browser
def test_a_figure_turns_dark_with_the_page(visit: Callable[..., Any]) -> None:
    seen = {
        mode: visit(color_scheme=mode).evaluate(
            "getComputedStyle(document.querySelector('.drawing [fill=\"#a8590f\"]')).fill"
        )
        for mode in ("light", "dark")
    }
    assert seen == {"light": "rgb(168, 89, 15)", "dark": "rgb(230, 161, 89)"}


@pytest.mark.browser
def test_the_contents_follow_the_reader(visit: Callable[..., Any]) -> None:
    opened = visit()
    marked = opened.locator(".side nav a[aria-current]")
    assert marked.text_content() == "The year at a glance"
    opened.evaluate("document.getElementById('kessel-delta-port').scrollIntoView()")
    opened.locator(".side nav a[aria-current]", has_text="Kessel Delta Port").wait_for()
    assert marked.count() == 1


@pytest.mark.browser
def test_search_finds_clusters_and_exhibits(visit: Callable[..., Any]) -> None:
    opened = visit()
    box = opened.get_by_label("Search clusters and exhibits")
    box.fill("norrhavn peers")
    opened.get_by_role("link", name="Ahead of its peers on money").wait_for()
    assert opened.locator("[role=status]").first.text_content() == "1 found"
    box.press("Enter")
    assert opened.url.endswith("#norrhavn-estuary.scores")
    box.press("Escape")
    assert opened.locator(".found").is_hidden()


@pytest.mark.browser
def test_a_register_keeps_the_clusters_that_hold_every_word(
    visit: Callable[..., Any], tmp_path: Path
) -> None:
    names = ("Anvil Coast", "Åre Delta", "Kessel Delta")
    entries = (Entry(n, f"Norway, joined {2020 + i}", f"clusters/{i}") for i, n in enumerate(names))
    chapter = Chapter("Cluster profiles", "profiles", (Register(tuple(entries)),))
    path = tmp_path / "large.html"
    path.write_text(render_page(Document(title="Large", chapters=(chapter,))), encoding="utf-8")
    opened = visit(at=path.as_uri())
    shown = opened.locator(".register li:visible")
    told = opened.get_by_text("of 3 clusters")
    assert told.text_content() == "3 of 3 clusters"
    finder = opened.get_by_label("Find a cluster by name, country, year or return")
    finder.fill("delta norway")
    assert shown.locator("a").all_text_contents() == ["Åre Delta", "Kessel Delta"]
    assert told.text_content() == "2 of 3 clusters"
    finder.fill("are 2021")
    assert shown.locator("a").get_attribute("href") == "clusters/1.html"
    assert opened.complaints == []


@pytest.mark.browser
def test_a_table_sorts_by_value_with_the_missing_last(visit: Callable[..., Any]) -> None:
    opened = visit()
    table = opened.locator("[id='finance.projects'] table")
    head = table.get_by_role("columnheader", name="Abates")
    cells = table.locator("tbody tr td:nth-child(4)")
    for order, reverse in (("ascending", False), ("descending", True)):
        head.get_by_role("button").click()
        assert head.get_attribute("aria-sort") == order
        texts = [text.strip() for text in cells.all_text_contents()]
        assert texts[-1] == "–"
        numbers = [float(text) for text in texts[:-1]]
        assert numbers == sorted(numbers, reverse=reverse)
    assert table.locator("tfoot").text_content().startswith("Total")


@pytest.mark.browser
def test_a_table_shows_the_rows_that_hold_a_word(visit: Callable[..., Any]) -> None:
    opened = visit()
    exhibit = opened.locator("[id='finance.projects']")
    exhibit.get_by_placeholder("Filter rows").fill("KESSEL")
    shown = [row for row in exhibit.locator("tbody tr").all() if row.is_visible()]
    assert len(shown) == 4
    assert all("Kessel" in row.text_content() for row in shown)


@pytest.mark.browser
@pytest.mark.parametrize("way", ["hover", "focus"])
def test_a_number_tells_where_it_comes_from(visit: Callable[..., Any], way: str) -> None:
    opened = visit(320)
    number = opened.locator(".lead .num").first
    getattr(number, way)()
    tip = opened.get_by_role("tooltip")
    assert "31.2 = 9.8 disbursed + 21.4 committed" in tip.text_content()
    assert "id: all.FIN-SECURED.total." in tip.text_content()
    assert number.get_attribute("aria-describedby") == tip.get_attribute("id")
    box = tip.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    opened.keyboard.press("Escape")
    assert tip.is_hidden()
    assert "31.2" in number.get_attribute("title")


@pytest.mark.browser
def test_the_keyboard_reaches_everything_and_a_table_is_one_stop(
    visit: Callable[..., Any],
) -> None:
    opened = visit()
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.className") == "skip"
    first = opened.locator("[id='finance.projects'] tbody .num").first
    first.focus()
    opened.keyboard.press("ArrowDown")
    assert opened.evaluate("document.activeElement.textContent") == "2.42"
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("ArrowRight")
    assert opened.evaluate("document.activeElement.textContent") == "0.2"
    opened.keyboard.press("Tab")
    assert not opened.evaluate("document.activeElement.matches('table .num')")


def download(opened: Any, exhibit: str, name: str) -> bytes:
    with opened.expect_download() as waiting:
        opened.locator(f"[id='{exhibit}']").get_by_role("button", name=name).click()
    return Path(waiting.value.path()).read_bytes()


@pytest.mark.browser
def test_the_data_of_an_exhibit_can_be_saved(visit: Callable[..., Any]) -> None:
    text = download(visit(), "finance.projects", "CSV").decode("utf-8-sig")
    head, first, second, *_ = csv.reader(io.StringIO(text))
    assert head == ["Project", "Cluster", "Capex (USD bn)", "Abates (Mt CO₂e/y)", "Stage"]
    assert first[:4] == ["Estuary CO₂ gathering line 0", "Anvil Coast", "1.42", "0.0"]
    assert second[3] == "not answered"


@pytest.mark.browser
def test_a_figure_can_be_saved_as_a_drawing_and_as_a_picture(visit: Callable[..., Any]) -> None:
    opened = visit()
    drawing = download(opened, "finance.secured", "SVG").decode()
    assert drawing.startswith("<svg")
    assert "@font-face" in drawing
    assert download(opened, "finance.secured", "PNG").startswith(b"\x89PNG")
    assert opened.complaints == []


@pytest.mark.browser
def test_a_deep_link_opens_its_exhibit(visit: Callable[..., Any], address: str) -> None:
    opened = visit(at=f"{address}#finance.projects")
    expect(opened.locator("[id='finance.projects'] figcaption")).to_be_in_viewport()


@pytest.mark.browser
def test_without_scripts_everything_can_be_read(visit: Callable[..., Any]) -> None:
    opened = visit(320, java_script_enabled=False)
    assert opened.locator(".side nav").is_visible()
    assert opened.locator("[id='finance.projects'] tbody tr").count() == 11
    assert "31.2" in opened.locator(".lead .num").first.get_attribute("title")
    opened.locator("[id='finance.secured'] summary").click()
    assert opened.locator("[id='finance.secured'] table").is_visible()


@pytest.mark.browser
def test_on_a_narrow_screen_the_contents_are_a_bar(visit: Callable[..., Any]) -> None:
    opened = visit(320)
    contents = opened.locator(".side nav")
    expect(contents).to_be_hidden()
    opened.locator(".fold > summary").click()
    expect(contents).to_be_visible()
    contents.get_by_role("link", name="Finance").click()
    expect(contents).to_be_hidden()
    assert opened.url.endswith("#finance")


@pytest.mark.browser
def test_the_first_screen_is_there_within_a_second(visit: Callable[..., Any]) -> None:
    opened = visit()
    wait = """new Promise((done) => new PerformanceObserver(
        (list) => list.getEntriesByName("first-contentful-paint").forEach((e) => done(e.startTime))
    ).observe({ type: "paint", buffered: true }))"""
    assert opened.evaluate(wait) < 1000


@pytest.mark.browser
def test_hostile_markdown_runs_nothing(visit: Callable[..., Any], tmp_path: Path) -> None:
    text = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    chapter = Chapter(text, "a", (Fragment(text), Fragment(text, "html"), Plain(text)))
    path = tmp_path / "hostile.html"
    path.write_text(render_page(Document(text, (chapter,), headline=text, status=text)))
    opened = visit(at=path.as_uri())
    assert opened.title() == text
    assert opened.locator(".chapter h2").text_content() == text
    assert opened.complaints == []


@pytest.mark.browser
def test_a_link_into_a_long_page_is_there_at_once(visit: Callable[..., Any], address: str) -> None:
    """Scrolling there smoothly shows nothing but empty page for seconds."""
    opened = visit(height=300, at=f"{address}#technology")
    chapters = opened.locator(".chapter[id]").evaluate_all("all => all.map(c => c.id)")
    for here in (chapters[-1], chapters[0]):
        top = opened.evaluate(
            """id => { location.hash = id;
            return document.getElementById(id).getBoundingClientRect().top; }""",
            here,
        )
        assert -1 < top < 300


@pytest.mark.browser
def test_a_walk_by_keyboard_passes_all_there_is_to_use_in_order(visit: Callable[..., Any]) -> None:
    opened = visit(reduced_motion="reduce")
    seen: list[str] = []
    last = 0
    for _ in range(200):
        opened.keyboard.press("Tab")
        here = opened.evaluate(
            """() => { const e = document.activeElement; if (e === document.body) return null;
            const box = e.getBoundingClientRect(), style = getComputedStyle(e);
            const order = [...document.querySelectorAll("*")].indexOf(e);
            const drawn = style.outlineStyle !== "none" || style.borderStyle !== "none";
            const shown = box.bottom > 0 && box.top < innerHeight && drawn;
            return { order, shown, words: `${e.localName}.${e.className} ${e.textContent}`.trim() }; }"""
        )
        if here is None:
            break
        assert here["shown"], here["words"]
        assert here["order"] > last, here["words"]
        last = here["order"]
        seen.append(here["words"])
    else:
        pytest.fail("the walk has no end")
    for expected in (
        "a.skip Skip to the report", "input. ", "a. Finance", "summary. Cluster profiles",
        "span.num 31 of the 118 billion dollars", "summary. Table", "button. CSV", "button. SVG",
        "button. PNG", "a. Link", "input.filter", "button. Project",
    ):  # fmt: skip
        assert any(words.startswith(expected.strip()) for words in seen), expected


@pytest.mark.browser
def test_a_printed_page_is_light_and_without_what_only_a_screen_can_use(
    visit: Callable[..., Any],
) -> None:
    opened = visit(794, color_scheme="dark")
    opened.emulate_media(media="print", color_scheme="dark")
    for useless in (".side", ".tools", ".filter", ".skip"):
        assert not any(part.is_visible() for part in opened.locator(useless).all()), useless
    assert opened.evaluate("getComputedStyle(document.body).color") == "rgb(20, 33, 43)"
    assert opened.evaluate("document.documentElement.scrollWidth") <= 794
    assert opened.pdf(format="A4").startswith(b"%PDF")


def test_deep_links_stay_the_same_when_a_chapter_is_added(document: Document) -> None:
    more = replace(document, chapters=(Chapter("New", "new", (Plain("x"),)), *document.chapters))
    before, after = Page(render_page(document)).ids, Page(render_page(more)).ids
    assert [name for name in before if name not in after] == []


@pytest.mark.browser
def test_a_comma_of_the_headline_stays_with_its_clause(
    document: Document, visit: Callable[..., Any], tmp_path: Path
) -> None:
    words = "Twenty clusters, four pillars, one year of progress"
    path = tmp_path / "headline.html"
    path.write_text(render_page(replace(document, headline=words)), encoding="utf-8")
    opened = visit(320, at=path.as_uri())
    assert opened.locator("h1").inner_text().replace("\n", " ") == words
    places = opened.locator("h1 span").evaluate_all("all => all.map(e => e.textContent)")
    assert places == ["Twenty clusters,", "four pillars,", "one year of progress"]
