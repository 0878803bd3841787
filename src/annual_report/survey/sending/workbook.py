"""Write the workbook that goes out: a sheet a section, a sheet a table, a name a cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty
from openpyxl.utils import get_column_letter
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.worksheet import Worksheet

from annual_report.edition import Cluster, Edition
from annual_report.errors import FrameworkError
from annual_report.framework.model import Framework
from annual_report.survey.form import layout as plan
from annual_report.survey.form.layout import Layout, Slot, TableSheet
from annual_report.survey.form.lists import collect_lists
from annual_report.survey.form.package import save_workbook
from annual_report.survey.form.style import (
    Styles,
)
from annual_report.survey.sending.cover import write_contents, write_cover
from annual_report.survey.sending.draft import Draft
from annual_report.survey.sending.prefill import Earlier, Prefill, prefill_question
from annual_report.survey.sending.question_sheet import write_questions
from annual_report.survey.sending.table_sheet import write_table

TEMPLATE = "1"


def write_workbook(
    path: Path,
    *,
    framework: Framework,
    edition: Edition,
    cluster: Cluster,
    answers: Mapping[str, object] | None = None,
    previous: Mapping[str, Earlier] | None = None,
) -> None:
    """Write the workbook of one cluster, whole or not at all, the same bytes for the same input.

    Parameters
    ----------
    path
        Where to; an ``.xlsx`` file.
    answers
        Values to fill in, by ``QUESTION.field`` or ``TABLE.row.column`` (rows from 1), siblings
        by ``FIN-01.unit``, ``FIN-01.currency``, ``FIN-01.basis``, ``FIN-01.consent`` and
        ``FIN-T1.3.consent``. Choices by code, levels as integers, percentages in percent points,
        dates as dates; a text where another kind is asked is written as typed.
    previous
        What the last edition's return said, by ``QUESTION.field``: it fills the baselines and
        targets to confirm and stands in grey beside the new values.

    Raises
    ------
    FrameworkError
        If an answer has a key that no cell of the workbook has.
    """
    layout = plan.plan_layout(framework)
    slots = layout.slots()
    prefills = _prefill(framework, previous or {})
    filled: dict[str, object] = {f"{plan.CLUSTER_NAME}.value": cluster.name}
    for code, prefill in prefills.items():
        filled |= {f"{code}.{field}": value for field, value in prefill.answers.items()}
    filled |= answers or {}
    _check_keys(filled, slots)
    workbook = Workbook()
    draft = Draft(workbook, framework, edition, cluster, Styles(workbook), filled, prefills)
    _write_sheets(draft, layout)
    _describe(draft)
    save_workbook(workbook, path, day=edition.published)


def _prefill(framework: Framework, previous: Mapping[str, Earlier]) -> dict[str, Prefill]:
    prefills: dict[str, Prefill] = {}
    for code, question in framework.questions.items():
        names = {name for name, _ in question.fields}
        said = {name: previous[f"{code}.{name}"] for name in names if f"{code}.{name}" in previous}
        if said:
            prefills[code] = prefill_question(question, said)
    return prefills


def _check_keys(answers: Mapping[str, object], slots: Mapping[str, Slot]) -> None:
    strange = sorted(set(answers) - set(slots))
    if strange:
        raise FrameworkError(
            "no cell of the workbook takes this answer",
            where=strange[0],
            expected="QUESTION.field or TABLE.row.column of the framework",
            do="correct the key, or ask for it in data/framework",
        )


def _write_sheets(draft: Draft, layout: Layout) -> None:
    workbook = draft.workbook
    cover = workbook.active
    assert cover is not None
    cover.title = plan.COVER
    contents = workbook.create_sheet(plan.CONTENTS)
    for sheet in layout.sheets:
        if isinstance(sheet, TableSheet):
            write_table(draft, sheet, workbook.create_sheet(sheet.title))
        else:
            on_cover = sheet.title == plan.COVER
            write_questions(draft, sheet, cover if on_cover else workbook.create_sheet(sheet.title))
    _write_lists(draft, workbook.create_sheet(plan.LISTS))
    _write_about(draft, workbook.create_sheet(plan.ABOUT))
    write_cover(cover, draft.framework, draft.edition, draft.cluster, draft.styles)
    write_contents(contents, layout, draft.edition, draft.cluster, draft.styles)


def _write_lists(draft: Draft, ws: Worksheet) -> None:
    for place, (name, entries) in enumerate(collect_lists(draft.framework).items(), start=1):
        letter = get_column_letter(place)
        ws.cell(1, place, name)
        for row, entry in enumerate(entries, start=2):
            ws.cell(row, place, entry).data_type = "s"
        draft.name(f"list_{name}", ws.title, f"${letter}$2:${letter}${len(entries) + 1}")
    ws.sheet_state = "hidden"
    ws.protection.sheet = True


def about(framework: Framework, edition: Edition, cluster: Cluster) -> dict[str, str]:
    """What a return carries so that its reader knows whose it is."""
    return {
        "edition": edition.edition,
        "cluster": cluster.id,
        "framework": framework.version,
        "template": TEMPLATE,
    }


def _write_about(draft: Draft, ws: Worksheet) -> None:
    facts = about(draft.framework, draft.edition, draft.cluster)
    for row, (name, value) in enumerate(facts.items(), start=1):
        ws.cell(row, 1, name)
        ws.cell(row, 2, value).data_type = "s"
    ws.sheet_state = "hidden"
    ws.protection.sheet = True


def _describe(draft: Draft) -> None:
    workbook, edition, cluster = draft.workbook, draft.edition, draft.cluster
    moment = dt.datetime.combine(edition.published, dt.time())
    about_it = workbook.properties
    about_it.title = f"{edition.title}: survey for {cluster.name}"
    about_it.subject = draft.framework.title
    about_it.description = (
        f"Survey workbook of {cluster.name} for the edition {edition.edition}. One sheet a "
        "section, one row a question; white cells take answers."
    )
    about_it.creator = about_it.lastModifiedBy = edition.publisher
    about_it.language = edition.locale
    about_it.created = about_it.modified = moment
    for name, value in about(draft.framework, edition, cluster).items():
        workbook.custom_doc_props.append(  # type: ignore[attr-defined]
            StringProperty(name=f"survey_{name}", value=value)
        )
    workbook.security = WorkbookProtection(lockStructure=True)
    workbook.calculation.fullCalcOnLoad = True
