"""The pages of the example edition, as they meet those who read them, whichever way they do."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from annual_report.exhibits.look.canvas import FULL_MM, HALF_MM
from annual_report.project import Project

EDITION = "example"
PAGES = ("annual-report.html", "clusters/norrhavn.html")
SCREENS = {"desktop": (1440, 900), "phone": (320, 640)}
FIRST_PAINT = """new Promise((done) => new PerformanceObserver(
    (list) => list.getEntriesByName("first-contentful-paint").forEach((e) => done(e.startTime))
).observe({ type: "paint", buffered: true }))"""

# Labels of the drawings that are shown which leave their drawing or run into each other
BAD_LABELS = """() => [...document.querySelectorAll(".drawing svg")].flatMap((svg) => {
    const frame = svg.getBoundingClientRect();
    const all = [...svg.querySelectorAll("text")].map((text) => {
        const box = text.getBoundingClientRect(), air = box.height / 5;
        return { says: text.textContent, left: box.left, right: box.right,
                 top: box.top + air, bottom: box.bottom - air };
    }).filter((text) => text.right > text.left && text.says.trim());
    const outside = (a) => a.left < frame.left - 1 || a.right > frame.right + 1
        || a.top < frame.top || a.bottom > frame.bottom;
    const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
        && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
    const id = svg.closest("figure").id;
    return frame.width === 0 ? [] : all.flatMap((a, place) => [
        ...(outside(a) ? [`${id}: ${a.says} leaves the drawing`] : []),
        ...all.slice(place + 1).filter((b) => meet(a, b)).map((b) => `${id}: ${a.says} / ${b.says}`),
    ]);
})"""
SHOWN = """() => [...document.querySelectorAll(".figure")].map(
    (figure) => [...figure.querySelectorAll(".drawing")].filter((d) => d.offsetWidth > 0)
        .map((d) => [d.scrollWidth <= d.clientWidth, d.querySelector("svg").viewBox.baseVal.width]))"""

# Words of tables that are wider than their cell, and so are broken; hidden labels are not seen
BROKEN_WORDS = """(room) => {
    const pen = document.createElement("canvas").getContext("2d");
    return [...document.querySelectorAll(".exhibit :is(td, th)")].flatMap((cell) => {
        const style = getComputedStyle(cell);
        const inside = cell.clientWidth * room
            - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
        pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
        const seen = cell.cloneNode(true);
        seen.querySelectorAll(".sr").forEach((hidden) => hidden.remove());
        const words = seen.textContent.split(/[\\s-]+/);
        return cell.offsetWidth ? words.filter((word) => pen.measureText(word).width > inside + 1)
            .map((word) => `${cell.closest("figure").id}: ${word}`) : [];
    });
}"""


def list_complaints(results: dict[str, Any]) -> list[str]:
    """Say each violation with the rule and the first places where it is broken."""
    return [
        f"{found['id']}: {found['help']}: {[node['html'][:200] for node in found['nodes'][:3]]}"
        for found in results["violations"]
    ]


# Each screen and each mode once in the quick tests; the other pairs are long
PAIRS = [
    pytest.param(screen, mode, marks=[] if is_quick else [pytest.mark.long])
    for screen, mode, is_quick in (
        ("desktop", "light", True),
        ("phone", "dark", True),
        ("desktop", "dark", False),
        ("phone", "light", False),
    )
]


@pytest.mark.browser
@pytest.mark.parametrize(("screen", "mode"), PAIRS)
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_no_violation(
    example: Project, browser: Any, page: str, screen: str, mode: str
) -> None:
    width, height = SCREENS[screen]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=mode, reduced_motion="reduce"
    )
    try:
        opened = context.new_page()
        opened.goto((example.reports(EDITION) / page).as_uri())
        results = Axe().run(opened, options={"resultTypes": ["violations"]}).response
    finally:
        context.close()
    assert list_complaints(results) == []
    assert len(results["passes"]) > 20  # it did look


def check_pages(*pages: Path) -> list[dict[str, Any]]:
    """Ask the Nu checker about pages, all in one start of Java."""
    command = [
        "java",
        "-Xss8m",
        "-jar",
        os.environ["VNU_JAR"],
        "--format",
        "json",
        "--exit-zero-always",
    ]
    asked = subprocess.run([*command, *map(str, pages)], capture_output=True, text=True, check=True)
    return list(json.loads(asked.stderr)["messages"])


@pytest.mark.checker
def test_the_nu_checker_finds_nothing_in_any_page(example: Project) -> None:
    folder = example.reports(EDITION)
    pages = [folder / "annual-report.html", *sorted(folder.glob("clusters/*.html"))]
    assert len(pages) == 21
    # It takes a long inline style for one that the policy's hash forbids. A browser does not, and
    # the tests of a page hold that: their console stays empty.
    told = [
        m for m in check_pages(*pages) if "violates Content Security Policy" not in m["message"]
    ]
    assert [f"{m['url']}: {m['message']}" for m in told] == []


@pytest.mark.checker
def test_the_nu_checker_is_asked(tmp_path: Path) -> None:
    broken = tmp_path / "broken.html"
    broken.write_text("<!DOCTYPE html><html lang=en><title>x</title><p id=a><p id=a>")
    assert [m["type"] for m in check_pages(broken)].count("error") == 1


@pytest.mark.browser
@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1440])
def test_the_whole_report_fits_is_quiet_and_is_there_within_a_second(
    example: Project, browser: Any, width: int, mode: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=mode)
    told: list[str] = []
    try:
        opened = context.new_page()
        opened.on("console", lambda message: told.append(message.text))
        opened.on("pageerror", lambda error: told.append(str(error)))
        opened.on("request", lambda request: told.append(request.url))
        address = (example.reports(EDITION) / PAGES[0]).as_uri()
        opened.goto(address)
        painted = opened.evaluate(FIRST_PAINT)
        assert opened.evaluate("document.documentElement.scrollWidth") <= width
    finally:
        context.close()
    assert painted < 1000
    assert [line for line in told if line != address and not line.startswith("data:")] == []


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_each_figure_is_drawn_once_for_the_screen_and_its_labels_keep_apart(
    example: Project, browser: Any, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    try:
        opened = context.new_page()
        opened.goto((example.reports(EDITION) / PAGES[0]).as_uri())
        drawings = opened.evaluate(SHOWN)
        assert opened.evaluate(BAD_LABELS) == []
        grow = "document.querySelectorAll('svg text').forEach((t) => t.style.fontSize = '18px')"
        opened.evaluate(grow)
        assert len(opened.evaluate(BAD_LABELS)) > 100  # it does look
    finally:
        context.close()
    assert [len(shown) for shown in drawings] == [1] * len(drawings)
    assert all(fits for [[fits, _]] in drawings)
    widest = max(points for [[_, points]] in drawings) * 25.4 / 72
    assert widest == pytest.approx(HALF_MM if width < 600 else FULL_MM, abs=0.1)


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 768, 1440])
def test_no_word_of_a_table_is_broken(example: Project, browser: Any, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    try:
        opened = context.new_page()
        opened.goto((example.reports(EDITION) / PAGES[0]).as_uri())
        opened.evaluate("document.fonts.ready")
        assert opened.evaluate(BROKEN_WORDS, 1) == []
        assert len(opened.evaluate(BROKEN_WORDS, 0.5)) > 100  # it does look
    finally:
        context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_one_file_of_at_most_6_mb(example: Project, name: str) -> None:
    assert (example.reports(EDITION) / name).stat().st_size <= 6_000_000
