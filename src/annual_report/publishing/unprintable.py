"""Characters of the returns and the register that no font has, told before a page is made."""

from __future__ import annotations

from collections import defaultdict
from logging import getLogger

from annual_report.edition import read_edition
from annual_report.exhibits.look.characters import clean_text
from annual_report.project import Project
from annual_report.publishing.report import find_fonts
from annual_report.publishing.typefaces import advise, describe_undrawn, list_undrawn
from annual_report.tables import ANSWERS, read_rows

_LOG = getLogger(__name__)


def check_characters(project: Project, edition_name: str) -> None:
    """Warn of each cluster whose name or answers hold a character that no font has."""
    edition = read_edition(project, edition_name)
    path = project.processed(edition_name) / "gathered" / "answers.parquet"
    fonts = find_fonts(project)
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for cluster in edition.clusters:
        for character in list_undrawn(clean_text(cluster.name), fonts):
            found[cluster.id][character].add("its name")
    columns = ("cluster", "question", "consent", "text")
    for owner, question, consent, text in read_rows(path, ANSWERS, columns=columns):
        if text and not text.isascii() and consent != "do not use":
            for character in list_undrawn(clean_text(text), fonts):
                found[owner][character].add(question)
    for cluster in edition.clusters:
        if undrawn := found.get(cluster.id):
            places = ", ".join(sorted(set[str]().union(*undrawn.values())))
            characters = sorted(undrawn)
            said = f"{describe_undrawn(characters)}; {advise(characters)}"
            _LOG.warning("%s, in %s: %s", cluster.name, places, said)
