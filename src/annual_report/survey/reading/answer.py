"""One answer of a return, with its unit, its currency and its consent."""

from __future__ import annotations

from dataclasses import dataclass, replace

from annual_report.errors import UnitError
from annual_report.framework.questions import Field_, Kind
from annual_report.survey.findings.finding import Finding, Place, find
from annual_report.survey.reading.meaning import Ask, Meaning
from annual_report.survey.reading.typed_number import Mark
from annual_report.units import convert

DEFAULT_CONSENT = "aggregate only"


@dataclass(frozen=True)
class Answer:
    """One field of one question, or one cell of one row of a table.

    A number that two habits read differently has ``readings``: what it is by each mark that may
    separate its decimals. ``asked`` is then the answer as long as none of them is taken. ``flag``
    says that a query about it is open, whether or not its value is used meanwhile.
    """

    question: str
    row: int
    field: str
    kind: Kind
    meaning: Meaning
    unit: str | None = None
    currency: str | None = None
    basis: str | None = None
    consent: str = DEFAULT_CONSENT
    sheet: str = ""
    cell: str | None = None
    readings: tuple[tuple[Mark, Answer], ...] = ()
    asked: Answer | None = None
    flag: str | None = None

    @property
    def is_twofold(self) -> bool:
        return any(ask.code == "number-ambiguous" for ask in self.meaning.asks)

    @property
    def place(self) -> Place:
        row = self.row or None
        return Place(self.question, row, self.field, self.sheet or None, self.cell)


def to_finding(place: Place, ask: Ask) -> Finding:
    """Give what is asked about a cell its place, and propose what it is nearly."""
    fault = find(ask.code, place, found=ask.found, expected=ask.expected)
    if not ask.close:
        return fault
    message = f"{fault.message} Did you mean {ask.expected}?"
    action = "If so, choose or type that; otherwise what is right."
    return replace(fault, message=message, action=action)


def check_range(answer: Answer, item: Field_) -> Answer:
    """Refuse a number outside of the range that its question gives."""
    value = answer.meaning.number
    if value is None or (item.minimum is None and item.maximum is None):
        return answer
    if answer.unit and item.unit and answer.unit != item.unit:
        try:
            value = convert(value, answer.unit, item.unit)
        except UnitError:
            return answer
    low = item.minimum is not None and value < item.minimum
    high = item.maximum is not None and value > item.maximum
    if not low and not high:
        return answer
    bounds = [f"at least {item.minimum:,.12g}"] if item.minimum is not None else []
    bounds += [f"at most {item.maximum:,.12g}"] if item.maximum is not None else []
    ask = Ask(
        "value-out-of-range", f"{value:,.12g}", " and ".join(bounds) + _unit_words(item) + "."
    )
    return replace(answer, meaning=answer.meaning.refuse(ask))


def _unit_words(item: Field_) -> str:
    return f" {item.unit}" if item.unit and item.unit != "count" else ""
