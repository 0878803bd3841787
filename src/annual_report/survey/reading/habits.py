"""What separates the decimals of a number that two habits read differently: ``1.200``.

Three witnesses can tell: the other numbers that were typed into the return, the language that it
says it is written in, and what the last edition said in the same place. All that say anything must
say the same, and the language alone is not enough: it is what a form is left at. Otherwise the
respondent is asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from annual_report.survey.findings.finding import Finding
from annual_report.survey.reading.answer import Answer, to_finding
from annual_report.survey.reading.facts import Fact, Facts, make_facts, number_of
from annual_report.survey.reading.typed import tidy
from annual_report.survey.reading.typed_number import Mark

# Two readings are a thousandfold apart; the nearer one lies well within this of last edition's
_FACTOR = 10.0


@dataclass(frozen=True)
class Evidence:
    """What a return itself says about its decimals: a typed number for each mark, the language."""

    numbers: tuple[tuple[Mark, str], ...] = ()
    language: Mark | None = None

    def weigh(self, previous: tuple[Mark, str] | None) -> tuple[Mark | None, str]:
        """Give the mark on which all witnesses agree, and why; None if that is too little."""
        heard = [*self.numbers, *([previous] if previous else [])]
        marks = {mark for mark, _ in heard} | ({self.language} if self.language else set())
        if not heard or len(marks) != 1:
            return None, ""
        return heard[0][0], " and ".join(words for _, words in heard)


def settle_numbers(
    answers: Iterable[Answer], evidence: Evidence, *, previous: Facts | None = None
) -> tuple[Answer, ...]:
    """Take of each number with two readings the one for which all evidence speaks, if any does."""
    return tuple(
        _settle(answer, evidence, previous) if answer.readings else answer for answer in answers
    )


def resettle_numbers(
    answers: tuple[Answer, ...],
    faults: tuple[Finding, ...],
    evidence: Evidence,
    previous: Iterable[Answer],
) -> tuple[tuple[Answer, ...], tuple[Finding, ...]]:
    """Weigh the numbers with two readings again, once last edition's return is known."""
    settled = settle_numbers(answers, evidence, previous=make_facts(previous))
    for old, new in zip(answers, settled, strict=True):
        if new != old:
            told = [to_finding(old.place, ask) for ask in old.meaning.asks]
            faults = tuple(fault for fault in faults if fault not in told)
            faults += tuple(to_finding(new.place, ask) for ask in new.meaning.asks)
    return settled, faults


def _settle(answer: Answer, evidence: Evidence, previous: Facts | None) -> Answer:
    before = _ask_previous(answer, previous) if previous and not answer.row else None
    mark, why = evidence.weigh(before)
    asked = answer.asked or answer
    reading = dict(answer.readings).get(mark) if mark else None
    if reading is None:
        return replace(asked, readings=answer.readings, asked=asked)
    found = tidy(asked.meaning.reported or "")
    note = f"{found} read as {reading.meaning.number:,.12g}, {why}"
    notes = (reading.meaning.note or "").split("; ")
    others = "; ".join(word for word in notes if not word.startswith(f"{found} read as")) or None
    meaning = replace(reading.meaning, note=others).explain(note)
    return replace(reading, meaning=meaning, readings=answer.readings, asked=asked)


def _ask_previous(answer: Answer, previous: Facts) -> tuple[Mark, str] | None:
    """Give the mark of the reading that is of the size of last edition's value, if one is."""
    before = previous.get(answer.question, answer.field)
    for mark, reading in answer.readings:
        meaning = reading.meaning
        now = Fact(
            "given",
            answer.place,
            answer.kind,
            meaning.number,
            unit=reading.unit,
            currency=reading.currency,
        )
        earlier = number_of(before, like=now)
        if before is None or not earlier or not meaning.number:
            continue
        if 1 / _FACTOR < meaning.number / earlier < _FACTOR:
            return mark, f"near last edition's {before.words}"
    return None
