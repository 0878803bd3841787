"""The reports of an edition: the whole one, and one for each cluster to keep."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from annual_report.countries import name_country
from annual_report.edition import Cluster, Edition, read_edition
from annual_report.errors import PublishingError
from annual_report.exhibits.framed import LISTED
from annual_report.exhibits.model import Heading, Prose, Span
from annual_report.exhibits.words import compose, count_things, write_text
from annual_report.files import write_whole
from annual_report.measures.public import PUBLIC, PUBLIC_RETURNS
from annual_report.numbers import write_numbers_in
from annual_report.project import Project
from annual_report.publishing.blocks import Block, Chapter, Entry, Notice, Register
from annual_report.publishing.clearance import clear_chapter, read_published
from annual_report.publishing.document import Document, Download
from annual_report.publishing.illustrations import Shelf
from annual_report.publishing.motif import draw_motif
from annual_report.publishing.notebooks import name_parts, read_chapter
from annual_report.publishing.page import render_page
from annual_report.publishing.pdf import render_pdf
from annual_report.season.symbols import RETURN_STATES
from annual_report.settings import Model
from annual_report.tables import read_rows

AFTER_PROFILES = 80
"""Notebooks of the report with this number and above come after the cluster profiles."""

_PLACE = re.compile(r"^(\d+)")


class Failure(Model):
    """One step that did not come to its end, as the gathering step wrote it down."""

    step: str
    cluster: str | None = None
    notebook: str | None = None
    cell: int | str | None = None
    reason: str


def publish_html(project: Project, edition_name: str) -> Path:
    """Write the combined report as one HTML page.

    Returns
    -------
    Path
        ``reports/<edition>/annual-report.html``.

    Raises
    ------
    PublishingError
        If a notebook's outputs cannot be rendered.
    DisclosureError
        If an exhibit prints what may not be published, or another value than that of its id.
    """
    path = project.reports(edition_name) / "annual-report.html"
    page = render_page(read_report(project, edition_name), fonts=find_fonts(project))
    write_whole(path, page.encode())
    return path


def publish_pdf(project: Project, edition_name: str) -> Path:
    """Write the combined report as PDF; see `publish_html`."""
    path = project.reports(edition_name) / "annual-report.pdf"
    write_whole(path, render_pdf(read_report(project, edition_name), fonts=find_fonts(project)))
    return path


def publish_profile(project: Project, edition_name: str, cluster_id: str) -> tuple[Path, Path]:
    """Write one cluster's profile as an HTML page and a PDF of their own.

    Raises
    ------
    PublishingError
        If the PDF cannot be made; the page then stands without a link to it.
    """
    edition = read_edition(project, edition_name)
    cluster = edition.cluster(cluster_id)
    chapter = read_profile(project, edition, cluster, names=name_parts(project))
    document = describe_edition(
        edition,
        chapters=(chapter,),
        title=f"{cluster.name} – {edition.title}",
        headline=cluster.name,
        downloads=(Download("PDF", f"{cluster.id}.pdf"),),
    )
    folder, fonts = project.reports(edition_name) / "clusters", find_fonts(project)
    page, pdf = folder / f"{cluster.id}.html", folder / f"{cluster.id}.pdf"
    try:
        write_whole(pdf, render_pdf(document, fonts=fonts))
    except PublishingError:
        document = replace(document, downloads=())
        raise
    finally:
        write_whole(page, render_page(document, fonts=fonts).encode())
    return page, pdf


def read_report(project: Project, edition_name: str) -> Document:
    """Read everything that the combined report says, in its order."""
    edition = read_edition(project, edition_name)
    write_numbers_in(edition.locale)
    clusters = sorted(edition.clusters, key=lambda c: c.name.casefold())
    return describe_edition(
        edition,
        chapters=tuple(_read_chapters(project, edition, clusters)),
        headline=edition.headline,
        motif=draw_motif(project.processed(edition_name) / PUBLIC, clusters),
        downloads=tuple(_list_downloads(project, edition_name)),
    )


def _list_downloads(project: Project, edition_name: str) -> Iterator[Download]:
    """List the files beside the report, but for those that could not be made."""
    failed = {failure.step for failure in read_failures(project, edition_name)}
    if "publish/pdf" not in failed:
        yield Download("PDF", "annual-report.pdf")
    if "publish/annex" not in failed:
        yield Download("Data annex", "data-annex.xlsx")
        yield Download("CSV", "datapackage/datapackage.json")


def describe_edition(
    edition: Edition,
    *,
    chapters: tuple[Chapter, ...],
    headline: str,
    title: str = "",
    motif: str | None = None,
    downloads: tuple[Download, ...] = (),
    cover: bool = True,
) -> Document:
    """Put chapters into a document that bears the edition's words, numbers, language and date."""
    write_numbers_in(edition.locale)
    return Document(
        title=title or edition.title,
        chapters=chapters,
        kicker=edition.title if title else f"{edition.publisher} · {edition.year}",
        headline=headline,
        subtitle=edition.subtitle,
        status=edition.status,
        publisher=edition.publisher,
        language=edition.locale.replace("_", "-").split("-")[0],
        paper=edition.paper,
        published=edition.published,
        motif=motif,
        downloads=downloads,
        cover=cover,
        contents=not title,
    )


def _read_chapters(
    project: Project, edition: Edition, clusters: list[Cluster]
) -> Iterator[Chapter]:
    """Yield the chapters, the profiles between those with a number below 80 and the others."""
    sources = sorted((project.notebooks / "report").glob("*.ipynb"))
    executed = project.processed(edition.edition) / "notebooks" / "report"
    names = sorted({p.stem for p in sources} | {p.stem for p in executed.glob("*.ipynb")})
    failures = read_failures(project, edition.edition)
    published = read_published(project, edition)
    front = [name for name in names if _read_place(name) < AFTER_PROFILES]
    shelf = Shelf(project.notebooks / "report", project.notebooks)
    for name in front:
        chapter = _read_or_tell(executed / f"{name}.ipynb", failures, shelf)
        yield clear_chapter(chapter, published)
    yield from _read_profiles(project, edition, clusters, failures)
    for name in names:
        if name not in front:
            chapter = _read_or_tell(executed / f"{name}.ipynb", failures, shelf)
            yield clear_chapter(chapter, published)


def _read_profiles(
    project: Project, edition: Edition, clusters: list[Cluster], failures: tuple[Failure, ...]
) -> Iterator[Chapter]:
    """Yield the profiles that were made, then one chapter about those that were not."""
    failed: dict[str, str] = {f.cluster: f.reason for f in failures if f.cluster}
    names = name_parts(project)
    made = [c for c in clusters if c.id not in failed and _list_parts(project, edition, c, names)]
    if edition.has_files_of_profiles:
        yield Chapter("Cluster profiles", "profiles", _register(project, edition, made), "chapter")
    else:
        for cluster in made:
            yield read_profile(project, edition, cluster, names=names)
    lacking = [cluster for cluster in clusters if cluster not in made]
    if lacking:
        yield _tell_lacking(project, edition, lacking, failed)


def _register(project: Project, edition: Edition, clusters: list[Cluster]) -> tuple[Block, ...]:
    """Lead to profiles that are files of their own, where there are too many for one report."""
    states = _read_returns(project, edition, "state")
    entries = []
    for cluster in clusters:
        country = name_country(cluster.country, edition.locale)
        state = states.get(cluster.id) or "answered"
        lacking = "" if state == "answered" else RETURN_STATES[state]
        note = ", ".join(filter(None, (country, f"joined {cluster.joined}", lacking)))
        entries.append(Entry(cluster.name, note, f"clusters/{cluster.id}"))
    words = (
        f"Each of the {count_things(len(clusters), 'profile')} is a file of its own, in the folder "
        "clusters beside this report; in alphabetical order."
    )
    return write_text(compose(words)), Register(tuple(entries))


def _tell_lacking(
    project: Project, edition: Edition, lacking: list[Cluster], failed: dict[str, str]
) -> Chapter:
    """Say which clusters have no profile, and why."""
    reasons = _read_returns(project, edition, "reason")
    named, more = lacking[:LISTED], len(lacking[LISTED:])
    broken = tuple(f"{c.name}: {failed[c.id]}" for c in named if c.id in failed)
    silent = tuple(
        (Span(text=c.name, strong=True), Span(text=f": {reasons.get(c.id) or 'no return'}"))
        for c in named
        if c.id not in failed
    )
    blocks: list[Block] = []
    if broken:
        blocks.append(Notice("These profiles could not be made", broken))
    if silent:
        blocks.append(Prose(paragraphs=silent, bullets=True))
    if more:
        blocks.append(write_text(compose(f"And {count_things(more, 'more cluster')}.")))
    return Chapter("Clusters without a profile", "without-profile", tuple(blocks), "chapter")


def _read_returns(project: Project, edition: Edition, column: str) -> dict[str, str | None]:
    path = project.processed(edition.edition) / PUBLIC / "returns.parquet"
    if not path.is_file():
        return {}
    return dict(read_rows(path, PUBLIC_RETURNS, columns=["cluster", column]))


def _list_parts(
    project: Project, edition: Edition, cluster: Cluster, names: tuple[str, ...]
) -> list[Path]:
    folder = project.processed(edition.edition) / "notebooks" / cluster.id
    return [folder / name for name in names if (folder / name).is_file()]


def _read_place(name: str) -> int:
    found = _PLACE.match(name)
    return int(found[1]) if found else AFTER_PROFILES


def read_failures(project: Project, edition_name: str) -> tuple[Failure, ...]:
    """Read which steps failed and why; none if nothing was written down."""
    path = project.processed(edition_name) / "failures.json"
    if not path.is_file():
        return ()
    try:
        # A path of the machine that built the report is nothing for its reader
        text = path.read_text(encoding="utf-8").replace(f"{project.root}/", "")
        rows = json.loads(text)
        return tuple(Failure.model_validate(row) for row in rows)
    except ValueError as fault:
        raise PublishingError(
            "the list of failures cannot be read",
            where=str(path),
            found=str(fault),
            do="delete data/processed and run again",
        ) from None


def read_profile(
    project: Project, edition: Edition, cluster: Cluster, *, names: tuple[str, ...]
) -> Chapter:
    """Read a cluster's profile; its anchor is the cluster's id, its title the cluster's name.

    It is what all notebooks after the gathering show, each further one below its own title.

    Parameters
    ----------
    names
        File names of these notebooks, as :func:`name_parts` gives them.

    Raises
    ------
    PublishingError
        If it was not made.
    DisclosureError
        If an exhibit prints what may not be published, or another value than that of its id.
    """
    paths = _list_parts(project, edition, cluster, names)
    if not paths:
        raise PublishingError(
            "a profile was not made",
            where=f"notebooks/cluster, cluster {cluster.id}",
            expected='a notebook whose metadata say "after": "gather"',
        )
    shelf = Shelf(project.notebooks / "cluster", project.notebooks)
    published = read_published(project, edition, cluster.id)
    first, *more = (
        clear_chapter(read_chapter(path, part="profile", shelf=shelf), published) for path in paths
    )
    blocks = list(first.blocks)
    for part in more:
        anchor = f"{cluster.id}-{part.anchor}"
        blocks += [Heading(level=2, text=part.title, id=anchor), *part.blocks]
    return replace(first, title=cluster.name, anchor=cluster.id, blocks=tuple(blocks))


def _read_or_tell(path: Path, failures: tuple[Failure, ...], shelf: Shelf) -> Chapter:
    name = path.stem
    told = [f for f in failures if f.cluster is None and (f.notebook or "").find(name) >= 0]
    if path.is_file() and not told:
        return read_chapter(path, shelf=shelf)
    reasons = tuple(f.reason for f in told) or ("The notebook was not run.",)
    words = re.sub(r"^\d+[-_]", "", name).replace("-", " ").capitalize()
    notice = Notice("This chapter could not be made", reasons)
    return Chapter(words, re.sub(r"^\d+[-_]", "", name), (notice,), "chapter", str(path))


def find_fonts(project: Project) -> tuple[Path, ...]:
    """Find the folder of fonts that an edition's editors have added, if there is one."""
    return (project.fonts,) if project.fonts.is_dir() else ()
