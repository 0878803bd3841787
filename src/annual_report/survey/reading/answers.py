"""The answers of one return: every cell found, read, given its unit, currency and consent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from annual_report.framework.model import Framework, Question, Table
from annual_report.framework.questions import Choice, Field_, Kind, TableColumn
from annual_report.survey.findings.finding import Finding, Place, find
from annual_report.survey.form.addresses import column_letter
from annual_report.survey.form.book import Book, Cell
from annual_report.survey.form.layout import CURRENCY, LANGUAGE, takes_unit
from annual_report.survey.reading.answer import DEFAULT_CONSENT, Answer, check_range, to_finding
from annual_report.survey.reading.currencies import Beside, Currencies
from annual_report.survey.reading.meaning import (
    MISSING,
    Ask,
    Asked,
    Meaning,
    ask_choice,
    ask_unit,
    asked,
    read_cell,
)
from annual_report.survey.reading.placing import PlacedTable, Places, Spot
from annual_report.survey.reading.spellings import CURRENCIES, match_entry
from annual_report.survey.reading.typed import match_unit, tidy
from annual_report.survey.reading.typed_number import Mark, name_habit
from annual_report.tables import BASES, CONSENTS


@dataclass
class Reader:
    """Reads the answers of one book; findings about other cells than theirs gather as it goes.

    ``country`` is the cluster's, where that is known. ``typed`` gathers the numbers that show what
    separates their decimals, one for each mark.
    """

    book: Book
    framework: Framework
    country: str | None = None
    places: Places = field(init=False)
    findings: list[Finding] = field(default_factory=list)
    hint: str | None = None
    currencies: Currencies = field(init=False)
    typed: dict[Mark, str] = field(default_factory=dict)
    moved: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.places = Places(self.book, self.framework)

    def read(self) -> tuple[Answer, ...]:
        """Read everything, in the order of the framework."""
        self.hint = self._peek(LANGUAGE)
        choices = self.framework.choices.get(CURRENCIES, ())
        self.currencies = Currencies(choices, country=self.country)
        self.currencies = replace(self.currencies, own=self._peek_currency())
        answers: list[Answer] = []
        for section in self.framework.sections:
            for question in section.questions:
                answers += self._read_question(question)
            for table in section.tables:
                answers += self._read_table(table)
        if self.moved:
            found = ", ".join(self.moved[:5]) + (" …" if len(self.moved) > 5 else "")
            self.findings.append(find("cell-moved", found=found))
        return tuple(answers)

    def _peek(self, code: str) -> str | None:
        """A choice that says how to read the rest, without findings."""
        question = self.framework.questions.get(code)
        if question is None:
            return None
        for spot in self.places.find_question(question)["value"]:
            meaning = read_cell(self._cell(spot), self._asked(question))
            if meaning.text:
                return meaning.text
        return None

    def _peek_currency(self) -> Beside:
        question = self.framework.questions.get(CURRENCY)
        spots = self.places.find_question(question)["value"] if question else ()
        named = (self.currencies.read_beside(self._cell(spot)) for spot in spots)
        return next((beside for beside in named if beside.currency), Beside())

    def _cell(self, spot: Spot | None) -> Cell | None:
        if spot is None:
            return None
        sheet = self.book.sheet(spot.sheet)
        return sheet.cells.get((spot.row, spot.column)) if sheet else None

    def _asked(self, item: Field_, kind: Kind | None = None, unit: str | None = None) -> Asked:
        kind = kind or item.kind
        return asked(self.framework, kind, unit=unit or item.unit, choices=item.choices)

    # --- single questions

    def _read_question(self, question: Question) -> Iterator[Answer]:
        spots = self.places.find_question(question)
        if not any(spots.values()):
            self.findings.append(
                find("question-not-found", Place(question.code), expected=question.text)
            )
        self._note_how(question, spots)
        chosen = {name: self._choose(question, name, many) for name, many in spots.items()}
        unit, unit_ask = self._read_unit(question, chosen.get("unit"))
        currency = self._read_currency(question, chosen.get("currency"))
        basis = self._read_list(question, "basis", chosen.get("basis"), BASES)
        consent = self._read_consent(question, chosen)
        for name, kind in question.fields:
            spot = chosen.get(name)
            answer = Answer(question.code, 0, name, kind, MISSING, basis=basis, consent=consent)
            read = partial(self._read_value, question, name, kind, spot, unit, unit_ask)
            yield self._read_answer(answer, question, spot, read, unit=unit, currency=currency)

    def _note_how(self, question: Question, spots: dict[str, tuple[Spot, ...]]) -> None:
        hows = {many[0].how for many in spots.values() if many}
        if "wording" in hows:
            spot = spots["value"][0]
            place = Place(question.code, None, "value", spot.sheet, _address(spot))
            self.findings.append(find("cell-guessed", place))
        elif "code" in hows and self.book.names:
            self.moved.append(question.code)

    def _choose(self, question: Question, name: str, spots: tuple[Spot, ...]) -> Spot | None:
        """Take the one spot that holds something; two that differ are asked about."""
        filled = [(spot, cell) for spot in spots if (cell := self._cell(spot)) is not None]
        if not filled:
            return spots[0] if spots else None
        if len({tidy(cell.text) for _, cell in filled}) > 1:
            found = "; ".join(f"{c.sheet}!{c.address}: {c.text[:40]}" for _, c in filled[:4])
            place = Place(question.code, None, name, filled[0][1].sheet, filled[0][1].address)
            self.findings.append(find("cell-claimed-twice", place, found=found))
            return Spot(filled[0][0].sheet, filled[0][0].row, 0, "name")
        return filled[0][0]

    def _read_value(
        self,
        question: Question,
        name: str,
        kind: Kind,
        spot: Spot | None,
        unit: str | None,
        unit_ask: Ask | None,
        decimal: Mark | None = None,
    ) -> Meaning:
        if spot is not None and spot.column == 0:
            return Meaning("invalid", note="two cells claim this answer")
        if kind == "text" and name == "comment":
            return _read_comment(self._cell(spot))
        if kind == "choice":
            return self._read_choice(self._cell(spot), question)
        meaning = self._read_cell(self._cell(spot), self._asked(question, kind), decimal)
        if kind != "number" or meaning.number is None:
            return meaning
        if unit_ask is not None:
            return _lose(meaning, "unit")
        if meaning.unit and unit and unit not in (question.unit, meaning.unit):
            return meaning.refuse(Ask("unit-double", meaning.unit, unit))
        return meaning

    def _read_cell(self, cell: Cell | None, wanted: Asked, decimal: Mark | None) -> Meaning:
        formats = self.book.formats
        return read_cell(cell, wanted, hint=self.hint, decimal=decimal, formats=formats)

    def _read_choice(self, cell: Cell | None, item: Field_) -> Meaning:
        if item.choices == CURRENCIES:
            return self.currencies.read_cell(cell)[0]
        return self._read_cell(cell, self._asked(item), None)

    def _read_unit(self, question: Question, spot: Spot | None) -> tuple[str | None, Ask | None]:
        cell = self._cell(spot)
        if not takes_unit(question) or cell is None:
            return question.unit, None
        found = match_unit(cell.text, question.unit)
        if found is not None:
            return found[0], None
        ask = ask_unit(cell.text, question.unit)
        self._report(Place(question.code, None, "unit", cell.sheet, cell.address), ask)
        return None, ask

    def _read_currency(self, question: Question, spot: Spot | None) -> Beside:
        cell = self._cell(spot)
        if question.kind != "money" or cell is None:
            return Beside()
        place = Place(question.code, None, "currency", cell.sheet, cell.address)
        for ask in self.currencies.read_cell(cell)[0].asks:
            code = "currency-unknown" if ask.code == "choice-unknown" else ask.code
            self._report(place, replace(ask, code=code))
        return self.currencies.read_beside(cell)

    def _read_list(
        self, question: Question, name: str, spot: Spot | None, allowed: tuple[str, ...]
    ) -> str | None:
        cell = self._cell(spot)
        if cell is None:
            return None
        place = Place(question.code, None, name, cell.sheet, cell.address)
        return self._match_list(cell, place, allowed)

    def _match_list(self, cell: Cell, place: Place, allowed: tuple[str, ...]) -> str | None:
        choices = tuple(Choice(code=name, label=name) for name in allowed)
        match = match_entry(tidy(cell.text), choices)
        if match.code is None:
            self._report(place, ask_choice(tidy(cell.text), choices, match))
        return match.code

    def _read_consent(self, question: Question, chosen: dict[str, Spot | None]) -> str:
        if not question.consent:
            return "publish"  # what is not asked for consent is not confidential
        return self._consent_of(
            self._cell(chosen.get("consent")), Place(question.code, None, "consent")
        )

    def _consent_of(self, cell: Cell | None, place: Place) -> str:
        if cell is None:
            return DEFAULT_CONSENT
        place = replace(place, sheet=cell.sheet, cell=cell.address)
        # what was written to limit us and not understood limits us most
        return self._match_list(cell, place, CONSENTS) or "do not use"

    # --- tables

    def _read_table(self, table: Table) -> Iterator[Answer]:
        placed = self.places.find_table(table)
        if placed is None:
            self.findings.append(find("table-not-found", Place(table.code), expected=table.text))
            return
        self._note_table(table, placed)
        for sheet_row in range(placed.header_row + 1, placed.last_row + 1):
            cells = self._row_cells(placed, sheet_row)
            if any(name != "consent" for name in cells):
                yield from self._read_row(table, placed, sheet_row, cells)

    def _row_cells(self, placed: PlacedTable, row: int) -> dict[str, Cell]:
        sheet = self.book.sheet(placed.sheet)
        assert sheet is not None
        in_row = sheet.rows.get(row, {})
        return {n: in_row[c] for n, c in placed.columns.items() if c in in_row}

    def _note_table(self, table: Table, placed: PlacedTable) -> None:
        if placed.how == "wording":
            place = Place(table.code, None, None, placed.sheet, f"A{placed.header_row}")
            self.findings.append(find("cell-guessed", place))
        elif placed.how == "code" and self.book.names:
            self.moved.append(table.code)
        for column in table.columns:
            if column.name not in placed.columns:
                place = Place(table.code, None, column.name, placed.sheet)
                self.findings.append(find("column-not-found", place, expected=column.label))

    def _read_row(
        self, table: Table, placed: PlacedTable, sheet_row: int, cells: dict[str, Cell]
    ) -> Iterator[Answer]:
        row = sheet_row - placed.header_row
        consent = "publish"
        if table.consent:
            consent = self._consent_of(cells.get("consent"), Place(table.code, row, "consent"))
        read = {c.name: partial(self._read_column, c, cells.get(c.name)) for c in table.columns}
        meanings = {name: one() for name, one in read.items()}
        lacking = [c.label for c in table.columns if c.required and not meanings[c.name].given]
        if lacking:
            first = placed.columns.get(table.key[0], 1)
            place = Place(table.code, row, None, placed.sheet, f"{column_letter(first)}{sheet_row}")
            self.findings.append(find("row-incomplete", place, expected=", ".join(lacking)))
        for column in table.columns:
            answer = Answer(table.code, row, column.name, column.kind, MISSING, consent=consent)
            place_column = placed.columns.get(column.name)
            spot = Spot(placed.sheet, sheet_row, place_column, placed.how) if place_column else None
            unit, beside = column.unit, Beside()
            if column.unit_from and column.kind == "money":
                beside = self.currencies.read_beside(cells.get(column.unit_from))
            elif column.unit_from:
                unit = meanings[column.unit_from].text
                beside = Beside(lost=meanings[column.unit_from].status == "invalid")
            yield self._read_answer(
                answer, column, spot, read[column.name], unit=unit, currency=beside
            )

    def _read_column(
        self, column: TableColumn, cell: Cell | None, decimal: Mark | None = None
    ) -> Meaning:
        if column.kind == "choice":
            return self._read_choice(cell, column)
        return self._read_cell(cell, self._asked(column), decimal)

    # --- both

    def _read_answer(
        self,
        answer: Answer,
        item: Field_,
        spot: Spot | None,
        read: Callable[..., Meaning],
        *,
        unit: str | None,
        currency: Beside,
    ) -> Answer:
        """Read an answer; one with two readings by both of them."""

        def complete(meaning: Meaning) -> Answer:
            one = replace(answer, meaning=meaning)
            return self._complete(one, item, spot, unit=unit, currency=currency)

        found = complete(read())
        if found.is_twofold:
            marks: tuple[Mark, ...] = (".", ",")
            by_mark = [(mark, complete(read(decimal=mark))) for mark in marks]
            readings = tuple(pair for pair in by_mark if not pair[1].is_twofold)
            return replace(found, readings=readings)
        self._note_habit(spot, found)
        return found

    def _note_habit(self, spot: Spot | None, found: Answer) -> None:
        cell = self._cell(spot)
        is_typed = cell is not None and cell.type == "s" and found.meaning.number is not None
        if cell is not None and is_typed and found.kind in ("number", "money", "percent"):
            mark = name_habit(tidy(cell.text))
            if mark is not None:
                self.typed.setdefault(mark, f"as in {tidy(cell.text)[:40]} ({found.question})")

    def _complete(
        self,
        answer: Answer,
        item: Field_,
        spot: Spot | None,
        *,
        unit: str | None,
        currency: Beside,
    ) -> Answer:
        """Give an answer its place, unit and currency; check its range."""
        if spot is not None and spot.column > 0:
            answer = replace(answer, sheet=spot.sheet, cell=_address(spot))
        elif spot is not None:
            answer = replace(answer, sheet=spot.sheet)
        meaning = answer.meaning
        if answer.kind == "number" and meaning.number is not None:
            meaning = _lose(meaning, "unit") if currency.lost else meaning
            answer = replace(answer, meaning=meaning, unit=meaning.unit or unit)
        elif answer.kind == "percent" and meaning.number is not None:
            answer = replace(answer, unit="percent")
        elif answer.kind == "money" and meaning.number is not None:
            answer = self._with_currency(answer, currency)
        if answer.kind == item.kind and meaning.status == "reported":
            answer = check_range(answer, item)
        return answer

    def _with_currency(self, answer: Answer, beside: Beside) -> Answer:
        meaning = answer.meaning
        typed = meaning.currency
        options = self.currencies.resolve(typed, beside=beside.currency) if typed else ()
        if typed and len(options) != 1:
            ask = self.currencies.ask(typed, options)
            return replace(answer, meaning=meaning.refuse(ask))
        if options and beside.currency and options[0] != beside.currency:
            ask = Ask("unit-double", options[0], beside.currency)
            return replace(answer, meaning=meaning.refuse(ask))
        if beside.lost and not options:
            return replace(answer, meaning=_lose(meaning, "currency"))
        if not options and beside.currency is None:
            beside = self.currencies.own
        currency = options[0] if options else beside.currency
        if currency is None:
            ask = Ask("currency-missing", meaning.reported or "")
            return replace(answer, meaning=meaning.refuse(ask))
        if typed and typed != currency:
            meaning = meaning.explain(f"{typed} read as {currency}")
        return replace(answer, currency=currency, meaning=beside.scale(meaning, currency))

    def _report(self, place: Place, ask: Ask) -> None:
        self.findings.append(to_finding(place, ask))


def _lose(meaning: Meaning, beside: str) -> Meaning:
    """Refuse a number whose unit or currency was not understood, unless it names its own."""
    if meaning.unit or meaning.currency:
        return meaning
    return replace(meaning, status="invalid", note=f"its {beside} is not known")


def _address(spot: Spot) -> str:
    return f"{column_letter(spot.column)}{spot.row}"


def _read_comment(cell: Cell | None) -> Meaning:
    if cell is None:
        return MISSING
    if cell.type in ("e", "f"):
        return Meaning("missing", reported=cell.text if cell.type == "e" else None)
    return Meaning("reported", text=cell.text, reported=cell.text)
