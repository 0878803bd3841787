"""The drop-down lists of the workbook and the words that stand in its cells."""

from __future__ import annotations

from collections.abc import Iterator

from annual_report.framework.model import Field_, Framework, Question
from annual_report.survey.form.layout import takes_unit
from annual_report.tables import BASES, CONSENTS
from annual_report.units import accepted_units

YES_NO = ("Yes", "No")
# Typed or chosen where a question cannot apply; its weight is left out
NOT_APPLICABLE = "n/a"


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
        "yes_no": (*YES_NO, NOT_APPLICABLE),
    }
    lists |= {
        f"choice_{name}": tuple(choice.label for choice in choices)
        for name, choices in framework.choices.items()
    }
    for name in _lists_that_may_not_apply(framework):
        lists[f"choice_{name}"] += (NOT_APPLICABLE,)
    lists |= dict(_lists_of_questions(framework))
    return lists


def _lists_that_may_not_apply(framework: Framework) -> list[str]:
    """Lists of single questions; those of the first sheet apply to everybody."""
    questions = [q for section in framework.sections[1:] for q in section.questions]
    names = dict.fromkeys(q.choices for q in questions if q.choices is not None)
    return [name for name in names if name != "countries"]


def _lists_of_questions(framework: Framework) -> Iterator[tuple[str, tuple[str, ...]]]:
    for question in framework.questions.values():
        if question.kind == "level":
            name = f"level_{question.code.replace('-', '_')}"
            labels = (level_label(question, step.level) for step in question.rubric)
            yield name, (*labels, NOT_APPLICABLE)
        if takes_unit(question):
            assert question.unit is not None
            yield unit_list(question.unit), accepted_units(question.unit)
