"""Write the example: two editions and a workbook for each return, the same bytes every time."""

from __future__ import annotations

from pathlib import Path

from annual_report.edition import Edition
from annual_report.errors import EditionError
from annual_report.example.catalogue import read_catalogue
from annual_report.example.invention import extend_catalogue
from annual_report.example.messes import insert_artefacts, is_artefact, rearrange
from annual_report.example.projects import list_funding, list_projects
from annual_report.example.questions import answer_questions
from annual_report.example.register import HAND_WRITTEN, make_edition, write_edition
from annual_report.example.season import LAST_YEAR, Answers, Season
from annual_report.example.tables import (
    list_highlights,
    list_partners,
    list_policies,
    list_sectors,
)
from annual_report.framework import Framework, read_framework
from annual_report.project import Project
from annual_report.rates import read_rates
from annual_report.survey.form.layout import plan_layout
from annual_report.survey.sending.prefill import TAKEN_OVER, Earlier
from annual_report.survey.sending.workbook import write_workbook


def generate_example(
    project: Project, *, clusters: int = HAND_WRITTEN, seed: int = LAST_YEAR
) -> list[Path]:
    """Write the editions `example` and `example-2022` and all their returns.

    Parameters
    ----------
    clusters
        How many; the first twenty are written by hand, the others are invented. Another number
        than twenty gives the editions `example-<clusters>` and `example-<clusters>-2022`. From
        twenty on, one more cluster is on the earlier register only.
    seed
        The same seed gives the same bytes.

    Returns
    -------
    list of Path
        The workbooks, those of the earlier year first.

    Raises
    ------
    EditionError
        If ``clusters`` is below 1.
    """
    if clusters < 1:
        raise EditionError("an example needs a cluster", expected="1 or more", found=str(clusters))
    catalogue = extend_catalogue(read_catalogue(), clusters=clusters, seed=seed)
    leavers = catalogue.leavers if clusters >= HAND_WRITTEN else ()
    framework, rates = read_framework(project), read_rates(project.reference)
    profiles = {profile.id: profile for profile in (*catalogue.profiles, *leavers)}
    paths = []
    for year in (LAST_YEAR - 1, LAST_YEAR):
        edition = make_edition(catalogue.profiles, year, leavers=leavers)
        write_edition(project, edition)
        for cluster in edition.clusters:
            season = Season(profiles[cluster.id], catalogue, rates, year, seed)
            paths.append(_write_return(project, season, framework=framework, edition=edition))
    return paths


def answer_survey(season: Season, framework: Framework) -> Answers:
    """Answer everything as cleanly as the catalogue has it, without what was mistyped."""
    return {
        **answer_questions(season, framework),
        **list_sectors(season),
        **list_partners(season),
        **list_policies(season),
        **list_projects(season),
        **list_funding(season),
        **list_highlights(season),
    }


def _write_return(
    project: Project, season: Season, *, framework: Framework, edition: Edition
) -> Path:
    profile = season.profile
    typed = {} if season.is_earlier else dict(profile.typed)
    artefacts = {key: value for key, value in typed.items() if is_artefact(value)}
    answers = {**answer_survey(season, framework), **typed, **dict.fromkeys(artefacts)}
    path = project.raw(edition.edition) / f"{profile.id}.xlsx"
    write_workbook(
        path,
        framework=framework,
        edition=edition,
        cluster=edition.cluster(profile.id),
        answers=answers,
        previous=_recall(season, framework),
    )
    if artefacts:
        insert_artefacts(path, artefacts, layout=plan_layout(framework), edition=edition)
    if profile.finance_sheet is not None and not season.is_earlier:
        rearrange(
            path,
            section="FIN",
            title=profile.finance_sheet,
            down=2,
            layout=plan_layout(framework),
            edition=edition,
        )
    return path


def _recall(season: Season, framework: Framework) -> dict[str, Earlier]:
    """Last year's answers, which stand in grey beside the new ones; none was in another unit."""
    if season.is_earlier or season.profile.joined == season.year:
        return {}
    before = Season(season.profile, season.catalogue, season.rates, season.year - 1, season.seed)
    said = answer_questions(before, framework)
    earlier: dict[str, Earlier] = {}
    for code, question in framework.questions.items():
        currency = season.country.currency if question.kind == "money" else None
        for name in TAKEN_OVER:
            if (value := said.get(f"{code}.{name}")) is not None:
                earlier[f"{code}.{name}"] = Earlier(value, question.unit, currency)
    return earlier
