"""Random fillings of the workbook within the framework's types, and what they must read as."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from hypothesis import strategies as st

from annual_report.framework.model import Framework
from annual_report.survey.form.layout import CLUSTER_NAME, SIGNED, Slot, plan_layout
from annual_report.survey.reading.answer import Answer
from annual_report.tables import BASES, CONSENTS
from annual_report.units import accepted_units

# Texts that are no answer ("-", "n/a") are another test's business
WORDS = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), exclude_characters="_"),
    min_size=3,
    max_size=30,
).filter(lambda text: any(c.isalpha() for c in text) and text.strip() == text and "n" not in text)


def values(framework: Framework, slot: Slot, units: tuple[str, ...] = ()) -> st.SearchStrategy:
    if slot.item is None:
        return {
            "unit": st.sampled_from(units or ("t",)),
            "currency": st.sampled_from([c.code for c in framework.choices["currencies"]]),
            "basis": st.sampled_from(BASES),
            "consent": st.sampled_from(CONSENTS),
        }[slot.field]
    kind = slot.item.kind
    if slot.field.endswith("_year"):
        kind = "year"
    elif slot.field == "comment":
        kind = "text"
    low, high = slot.item.minimum or 0, slot.item.maximum or 1e9
    numbers = st.one_of(
        st.integers(int(low), int(high)),
        st.floats(low, high, allow_nan=False).map(lambda x: float(f"{x:.9g}")),
    )
    return {
        "number": numbers,
        "money": numbers,
        "percent": st.floats(0, 100).map(lambda x: round(x, 4)),
        "choice": st.sampled_from(
            [c.code for c in framework.choices.get(slot.item.choices, ())] or [""]
        ),
        "level": st.integers(0, 4),
        "text": WORDS,
        "date": st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)),
        "yes_no": st.booleans(),
        "year": st.integers(2000, 2100),
    }[kind]


@st.composite
def fillings(draw: st.DrawFn, framework: Framework, rows: int = 3) -> dict[str, object]:
    """Answers for some of the cells; of tables the first rows."""
    answers: dict[str, object] = {f"{SIGNED}.value": dt.date(2024, 3, 1)}
    for key, slot in plan_layout(framework).slots().items():
        code, *rest = key.split(".")
        if code in (CLUSTER_NAME, SIGNED) or (len(rest) == 2 and int(rest[0]) > rows):
            continue
        if draw(st.booleans()):
            question = framework.questions.get(code)
            units = accepted_units(question.unit) if question and slot.field == "unit" else ()
            answers[key] = draw(values(framework, slot, units))
    return answers


def read_back(items: Iterable[Answer]) -> dict[str, object]:
    """What was read, by the keys of the workbook; siblings too."""
    found: dict[str, object] = {}
    for answer in items:
        if answer.meaning.status == "missing":
            continue
        middle = f".{answer.row}" if answer.row else ""
        key = f"{answer.question}{middle}.{answer.field}"
        meaning = answer.meaning
        found[key] = meaning.number if meaning.number is not None else meaning.text
        if answer.kind == "yes_no":
            found[key] = meaning.text == "yes"
    return found


def expect(answers: dict[str, object]) -> dict[str, object]:
    """What a filling must read as: everything that is no sibling, dates as ISO text."""
    rest = {
        k: v for k, v in answers.items() if k.rpartition(".")[2] not in ("unit", "basis", "consent")
    }
    tables = {k: v for k, v in rest.items() if k.count(".") == 2}
    single = {k: v for k, v in rest.items() if k.count(".") == 1 and not k.endswith(".currency")}
    # a row with nothing but a consent is no row
    return {
        key: value.isoformat() if isinstance(value, dt.date) else value
        for key, value in (single | tables).items()
    }
