"""The answers of one return: every cell found, read, given its unit, currency and consent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from annual_report.errors import UnitError
from annual_report.framework.model import Framework, Question, Table
from annual_report.framework.questions import Field_, Kind, TableColumn
from annual_report.survey.addresses import column_letter
from annual_report.survey.book import Book, Cell
from annual_report.survey.findings import Finding, Place, find
from annual_report.survey.layout import CURRENCY, LANGUAGE, takes_unit
from annual_report.survey.meaning import MISSING, Ask, Asked, Meaning, asked, read_cell
from annual_report.survey.placing import PlacedTable, Places, Spot
from annual_report.survey.typed import match_unit, tidy
from annual_report.tables import BASES, CONSENTS
from annual_report.units import accepted_units, convert

DEFAULT_CONSENT = "aggregate only"
_SEVERAL = {
    "$": ("USD", "AUD", "CAD", "HKD", "NZD", "SGD", "MXN", "COP", "BRL", "TWD", "ARS", "CLP"),
    "¥": ("JPY", "CNY"),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
}


@dataclass(frozen=True)
class Answer:
    """One field of one question, or one cell of one row of a table.

    ``flag`` says that a query about it is open, whether or not its value is used meanwhile.
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
    flag: str | None = None

    @property
    def place(self) -> Place:
        row = self.row or None
        return Place(self.question, row, self.field, self.sheet or None, self.cell)


@dataclass
class Reader:
    """Reads the answers of one book; findings gather as it goes."""

    book: Book
    framework: Framework
    places: Places = field(init=False)
    findings: list[Finding] = field(default_factory=list)
    hint: str | None = None
    currency: str | None = None
    moved: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.places = Places(self.book, self.framework)

    def read(self) -> tuple[Answer, ...]:
        """Read everything, in the order of the framework."""
        self.hint = self._peek(LANGUAGE)
        self.currency = self._peek(CURRENCY)
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
        unit, is_unit = self._read_unit(question, chosen.get("unit"))
        currency, is_currency = self._read_currency(question, chosen.get("currency"))
        lost = None if is_unit and is_currency else "unit" if is_currency else "currency"
        basis = self._read_list(question, "basis", chosen.get("basis"), BASES)
        consent = self._read_consent(question, chosen)
        for name, kind in question.fields:
            spot = chosen.get(name)
            meaning = self._read_value(question, name, kind, spot, unit, lost)
            answer = Answer(question.code, 0, name, kind, meaning, basis=basis, consent=consent)
            yield self._complete(answer, question, spot, unit=unit, currency=currency)

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
        lost: str | None,
    ) -> Meaning:
        if spot is not None and spot.column == 0:
            return Meaning("invalid", note="two cells claim this answer")
        if kind == "text" and name == "comment":
            return _read_comment(self._cell(spot))
        cell = self._cell(spot)
        wanted = self._asked(question, kind, question.unit)
        meaning = read_cell(cell, wanted, hint=self.hint, formats=self.book.formats)
        if kind not in ("number", "money") or meaning.number is None:
            return meaning
        if lost is not None:
            return _lose(meaning, lost)
        if meaning.unit and unit and unit not in (question.unit, meaning.unit):
            return meaning.refuse(Ask("unit-double", meaning.unit, unit))
        return meaning

    def _read_unit(self, question: Question, spot: Spot | None) -> tuple[str | None, bool]:
        """The unit that holds for a row, and whether what stands there was understood."""
        cell = self._cell(spot)
        if not takes_unit(question) or cell is None:
            return question.unit, True
        found = match_unit(cell.text, question.unit)
        if found is not None:
            return found[0], True
        assert question.unit is not None
        ask = Ask("unit-unknown", cell.text, ", ".join(accepted_units(question.unit)))
        self._report(Place(question.code, None, "unit", cell.sheet, cell.address), ask)
        return None, False

    def _read_currency(self, question: Question, spot: Spot | None) -> tuple[str | None, bool]:
        """The currency of a row's own, and whether what stands there was understood."""
        cell = self._cell(spot)
        if question.kind != "money" or cell is None:
            return None, True
        place = Place(question.code, None, "currency", cell.sheet, cell.address)
        found = self._match_currency(cell.text, place)
        return found, found is not None

    def _match_currency(self, text: str, place: Place) -> str | None:
        plain = tidy(text)
        for choice in self.framework.choices.get("currencies", ()):
            if plain.casefold() in (choice.code.casefold(), choice.label.casefold()):
                return choice.code
        resolved = self._resolve(plain)
        if resolved is None:
            self.findings.append(find("currency-unknown", place, found=plain))
        return resolved

    def _resolve(self, sign: str) -> str | None:
        """A sign that several currencies share means the return's own, if that is one of them."""
        if sign in _SEVERAL:
            return self.currency if self.currency in _SEVERAL[sign] else None
        known = {c.code for c in self.framework.choices.get("currencies", ())}
        return sign if sign in known else {"€": "EUR", "£": "GBP", "US$": "USD"}.get(sign)

    def _read_list(
        self, question: Question, name: str, spot: Spot | None, allowed: tuple[str, ...]
    ) -> str | None:
        cell = self._cell(spot)
        if cell is None:
            return None
        place = Place(question.code, None, name, cell.sheet, cell.address)
        return self._match_list(cell, place, allowed)

    def _match_list(self, cell: Cell, place: Place, allowed: tuple[str, ...]) -> str | None:
        plain = tidy(cell.text).casefold()
        if plain in allowed:
            return plain
        listed = "; ".join(allowed)
        self.findings.append(find("choice-unknown", place, found=cell.text, expected=listed))
        return None

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
        meanings = {
            c.name: read_cell(
                cells.get(c.name), self._asked(c), hint=self.hint, formats=self.book.formats
            )
            for c in table.columns
        }
        lacking = [c.label for c in table.columns if c.required and not meanings[c.name].given]
        if lacking:
            first = placed.columns.get(table.key[0], 1)
            place = Place(table.code, row, None, placed.sheet, f"{column_letter(first)}{sheet_row}")
            self.findings.append(find("row-incomplete", place, expected=", ".join(lacking)))
        for column in table.columns:
            answer = Answer(
                table.code, row, column.name, column.kind, meanings[column.name], consent=consent
            )
            place_column = placed.columns.get(column.name)
            spot = Spot(placed.sheet, sheet_row, place_column, placed.how) if place_column else None
            unit, currency = self._row_units(column, meanings)
            beside = meanings[column.unit_from].status if column.unit_from else None
            if beside == "invalid" and answer.meaning.number is not None:
                lost = "currency" if column.kind == "money" else "unit"
                answer = replace(answer, meaning=_lose(answer.meaning, lost))
            yield self._complete(answer, column, spot, unit=unit, currency=currency)

    def _row_units(
        self, column: TableColumn, meanings: dict[str, Meaning]
    ) -> tuple[str | None, str | None]:
        beside = meanings[column.unit_from].text if column.unit_from else None
        if column.kind == "money":
            return None, beside
        return beside or column.unit, None

    # --- both

    def _complete(
        self,
        answer: Answer,
        item: Field_,
        spot: Spot | None,
        *,
        unit: str | None,
        currency: str | None,
    ) -> Answer:
        """Give an answer its place, unit and currency; check its range; report what was asked."""
        if spot is not None and spot.column > 0:
            answer = replace(answer, sheet=spot.sheet, cell=_address(spot))
        elif spot is not None:
            answer = replace(answer, sheet=spot.sheet)
        meaning = answer.meaning
        if answer.kind == "number" and meaning.number is not None:
            answer = replace(answer, unit=meaning.unit or unit)
        elif answer.kind == "percent" and meaning.number is not None:
            answer = replace(answer, unit="percent")
        elif answer.kind == "money" and meaning.number is not None and meaning.status != "invalid":
            answer = self._with_currency(answer, currency)
        if answer.kind == item.kind and meaning.status == "reported":
            answer = _check_range(answer, item)
        for ask in answer.meaning.asks:
            self._report(answer.place, ask)
        return answer

    def _with_currency(self, answer: Answer, beside: str | None) -> Answer:
        typed = answer.meaning.currency
        resolved = self._resolve(typed) if typed else None
        if typed and resolved is None:
            ask = Ask("currency-unknown", typed)
            return replace(answer, meaning=answer.meaning.refuse(ask))
        if resolved and beside and resolved != beside:
            ask = Ask("unit-double", resolved, beside)
            return replace(answer, meaning=answer.meaning.refuse(ask))
        currency = resolved or beside or self.currency
        if currency is None:
            ask = Ask("currency-missing", answer.meaning.reported or "")
            return replace(answer, meaning=answer.meaning.refuse(ask))
        return replace(answer, currency=currency)

    def _report(self, place: Place, ask: Ask) -> None:
        self.findings.append(find(ask.code, place, found=ask.found, expected=ask.expected))


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


def _check_range(answer: Answer, item: Field_) -> Answer:
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
