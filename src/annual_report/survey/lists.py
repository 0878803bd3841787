"""The drop-down lists of the workbook and the words that stand in its cells."""

from __future__ import annotations

from collections.abc import Iterator

from annual_report.framework.model import Field_, Framework, Question
from annual_report.survey.layout import takes_unit
from annual_report.tables import BASES, CONSENTS
from annual_report.units import accepted_units

YES_NO = ("Yes", "No")


def level_label(question: Question, level: int) -> str:
    """Spell one level as the drop-down shows it: ``2 – Joint steering group``."""
    return f"{level} – {question.rubric[level].label}"


def list_name(item: Field_, field: str) -> str | None:
    """Name the drop-down list of a cell; None for a cell that is typed into."""
    if field in ("consent", "basis"):
        return field
    if field == "currency" and item.kind == "money":
        return "choice_currencies"
    if field == "unit":
        return unit_list(str(item.unit))
    if item.kind == "choice" and field in ("value", getattr(item, "name", "")):
        return f"choice_{item.choices}"
    if item.kind == "yes_no":
        return "yes_no"
    if isinstance(item, Question) and item.kind == "level":
        return f"level_{item.code.replace('-', '_')}"
    return None


def unit_list(unit: str) -> str:
    """Name the list of the units that may stand for one."""
    return f"unit_{unit}".replace("/", "_per_")


def collect_lists(framework: Framework) -> dict[str, tuple[str, ...]]:
    """Collect every drop-down list by its name."""
    lists: dict[str, tuple[str, ...]] = {
        "consent": CONSENTS,
        "basis": BASES,
        "yes_no": YES_NO,
    }
    lists |= {
        f"choice_{name}": tuple(choice.label for choice in choices)
        for name, choices in framework.choices.items()
    }
    lists |= dict(_lists_of_questions(framework))
    return lists


def _lists_of_questions(framework: Framework) -> Iterator[tuple[str, tuple[str, ...]]]:
    for question in framework.questions.values():
        if question.kind == "level":
            name = f"level_{question.code.replace('-', '_')}"
            yield name, tuple(level_label(question, step.level) for step in question.rubric)
        if takes_unit(question):
            assert question.unit is not None
            yield unit_list(question.unit), accepted_units(question.unit)
