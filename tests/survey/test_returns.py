"""What the reader makes of a return as respondents and their programs leave it."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

import openpyxl
import pytest
from openpyxl.comments import Comment

from annual_report.survey.reading.returns import read_return
from annual_report.survey.receiving.reading_process import ReadingProcess
from annual_report.survey.sending.queries import write_queries
from annual_report.survey.sending.workbook import write_workbook

FILLED = {
    "STA-03.value": "EUR",
    "STA-07.value": dt.date(2024, 3, 1),
    "FIN-01.value": 5_000_000,
    "FIN-02.value": 100,
    "FIN-03.value": 12,
    "FIN-04.value": 3,
    "FIN-05.value": True,
    "FIN-06.value": "hydrogen",
    "FIN-T1.1.source": "A bank",
    "FIN-T1.1.amount": 7,
    "FIN-T1.2.source": "A fund",
}


@pytest.fixture(scope="module")
def process():
    with ReadingProcess(seconds=60) as one:
        yield one


@pytest.fixture
def read(tmp_path, framework, edition, cluster, process):
    """Write a filled workbook, edit it as a respondent would, read it."""

    def go(change=None, answers=FILLED, parts=None, **more):
        path = tmp_path / "return.xlsx"
        write_workbook(path, framework=framework, edition=edition, cluster=cluster, answers=answers)
        if change is not None:
            book = openpyxl.load_workbook(path)
            change(book)
            book.save(path)
        if parts is not None:
            rewrite(path, parts)
        known = {"framework": framework, "edition": edition, "process": process}
        return read_return(path, **known | more)

    return go


def rewrite(path, change):
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    path.write_bytes(out.getvalue())


def cell_of(book, key):
    code, _, field = key.partition(".")
    sheet, _, cell = book.defined_names[f"{code.replace('-', '_')}.{field}"].attr_text.rpartition(
        "!"
    )
    return book[sheet.strip("'")][cell.replace("$", "")]


def put(key, value):
    def change(book):
        cell_of(book, key).value = value

    return change


def answer(one, key):
    rows = one.answers.set_index("id")
    return rows.loc[f"{one.cluster}.{key}"]


def codes(one):
    return {fault.code for fault in one.faults}


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!", "#VALUE!"])
def test_an_error_value_is_no_blank(error, read):
    one = read(put("FIN-02.value", error))
    assert answer(one, "FIN-02.value").status == "invalid"
    assert "error-cell" in codes(one)


def test_a_formula_without_a_stored_value_asks_to_save(read):
    one = read(put("FIN-02.value", "=1+1"))
    assert answer(one, "FIN-02.value").status == "invalid"
    assert "formula-without-value" in codes(one)


def test_a_formula_with_a_stored_value_is_read(read):
    def change(name, part):
        return re.sub(rb"<v>100</v>", b"<f>50+50</f><v>100</v>", part)

    one = read(parts=change)
    assert answer(one, "FIN-02.value").number == 100


@pytest.mark.parametrize(
    ("key", "typed", "number", "unit"),
    [
        ("FIN-02.value", "1.234,5 t/y", 1234.5, "t/y"),
        ("FIN-02.value", "0.7 Mt", 0.7, "Mt/y"),
        ("FIN-03.value", "12 %", 12, "percent"),
        ("FIN-07.value", "12k", 12_000, "count"),
    ],
)
def test_typed_answers_are_understood_with_their_unit(key, typed, number, unit, read):
    row = answer(read(put(key, typed)), key)
    assert (row.status, row.number, row.unit, row.reported) == ("reported", number, unit, typed)


def test_a_typed_unit_beside_another_chosen_one_is_asked_about(read):
    def change(book):
        cell_of(book, "FIN-02.value").value = "0.5 Mt"
        cell_of(book, "FIN-02.unit").value = "t/y"

    one = read(change)
    assert "unit-double" in codes(one)
    assert answer(one, "FIN-02.value").status == "invalid"


def test_an_unknown_unit_lists_the_accepted_ones(read):
    one = read(put("FIN-02.unit", "bushels"))
    fault = next(f for f in one.faults if f.code == "unit-unknown")
    assert (fault.found, fault.expected) == ("bushels", "t/y, kt/y, Mt/y")
    assert answer(one, "FIN-02.value").status == "invalid"


def test_a_value_out_of_its_range_is_not_used(read):
    one = read(put("FIN-02.value", 5000))
    row = answer(one, "FIN-02.value")
    assert (row.status, row.reported) == ("invalid", "5000")
    assert row.isna()["number"]
    assert "value-out-of-range" in codes(one)


def test_a_fraction_that_lost_its_format_is_asked_about(read):
    def change(book):
        cell = cell_of(book, "FIN-03.value")
        cell.value, cell.number_format = 0.12, "General"

    assert "number-ambiguous" in codes(read(change))


def test_an_amount_without_any_currency_is_asked_about(read):
    one = read(answers={"FIN-01.value": 5})
    assert "currency-missing" in codes(one)


def test_no_default_stands_in_for_a_currency_that_is_not_understood(read):
    one = read(put("FIN-01.currency", "Bitcoin"))
    assert "currency-unknown" in codes(one)
    row = answer(one, "FIN-01.value")
    assert (row.status, row.note) == ("invalid", "its currency is not known")


def test_a_currency_typed_with_the_amount_counts(read):
    assert answer(read(put("FIN-01.value", "USD 5 million")), "FIN-01.value").currency == "USD"


def test_a_dollar_is_that_of_the_united_states_where_no_other_is_near(read):
    one = read(put("FIN-01.value", "$5 million"))
    row = answer(one, "FIN-01.value")
    assert (row.number, row.currency) == (5e6, "USD")
    assert "$ read as USD" in row.note


def test_a_dollar_of_a_country_with_one_of_its_own_is_asked_about(read, edition):
    australian = edition.clusters[0].model_copy(update={"country": "AU"})
    there = edition.model_copy(update={"clusters": (australian, *edition.clusters[1:])})
    one = read(put("FIN-01.value", "$5 million"), edition=there)
    fault = next(f for f in one.faults if f.code == "currency-ambiguous")
    assert "Did you mean AUD or USD?" in fault.message
    assert answer(one, "FIN-01.value").status == "invalid"


@pytest.mark.parametrize(
    ("amount", "beside", "number"),
    [
        (500, "TEUR", 500_000),
        ("500", "T€", 500_000),
        (2.5, "Mio. EUR", 2_500_000),
        (2.5, "m€", 2_500_000),
        ("2,5", "EUR million", 2_500_000),
        (500, "€", 500),
        (500, "Euro", 500),
        ("5 million", "Mio. EUR", None),  # millions of millions?
    ],
)
def test_thousands_and_millions_beside_an_amount_count(amount, beside, number, read):
    def change(book):
        cell_of(book, "FIN-01.value").value = amount
        cell_of(book, "FIN-01.currency").value = beside

    one = read(change)
    row = answer(one, "FIN-01.value")
    if number is None:
        assert (row.status, "unit-double" in codes(one)) == ("invalid", True)
    else:
        assert (row.number, row.currency) == (number, "EUR")
        assert "answer-understood" in codes(one)


def test_thousands_beside_an_amount_of_a_table_count(read):
    def change(book):
        sheet = book["1a Funding"]
        heads = {cell.value: cell.column for row in sheet.iter_rows() for cell in row}
        row = next(c.row for row in sheet.iter_rows() for c in row if c.value == "A bank")
        sheet.cell(row, heads["Currency"]).value = "TEUR"

    one = read(change)
    assert answer(one, "FIN-T1.1.amount").number == 7000
    assert answer(one, "FIN-T1.1.currency").text == "EUR"


def test_a_return_in_thousands_has_every_amount_in_thousands_that_names_nothing_else(read):
    def change(book):
        cell_of(book, "STA-03.value").value = "TEUR"
        cell_of(book, "FIN-01.value").value = 500
        cell_of(book, "FIN-01.target").value = "EUR 700000"

    one = read(change)
    assert answer(one, "STA-03.value").text == "EUR"
    assert answer(one, "FIN-01.value").number == 500_000
    assert "500 beside TEUR read as 500,000 EUR" in answer(one, "FIN-01.value").note
    assert answer(one, "FIN-01.target").number == 700_000


@pytest.mark.parametrize(
    ("typed", "consent", "proposed"),
    [
        ("Publish.", "publish", None),
        ("AGGREGATE-ONLY", "aggregate only", None),
        ("agregate only", "do not use", "aggregate only"),
        ("do not us", "do not use", "do not use"),
    ],
)
def test_a_consent_is_read_whatever_its_case_and_a_near_one_is_proposed(
    typed, consent, proposed, read
):
    one = read(put("FIN-02.consent", typed))
    assert answer(one, "FIN-02.value").consent == consent
    faults = [f for f in one.faults if f.code == "choice-unknown"]
    assert [f"Did you mean {proposed}?" in f.message for f in faults] == [True] * bool(proposed)


def test_what_does_not_apply_is_no_missing_answer(read):
    one = read(put("FIN-01.value", "n/a"))
    assert answer(one, "FIN-01.value").status == "not applicable"
    assert "missing-required" not in {f.code for f in one.faults if f.question == "FIN-01"}


def test_a_missing_required_answer_is_a_finding_with_its_cell(read):
    one = read(answers={})
    fault = next(f for f in one.faults if f.question == "FIN-01")
    assert (fault.code, fault.sheet) == ("missing-required", "1 Finance")
    assert fault.cell


def test_an_unknown_consent_limits_most(read):
    one = read(put("FIN-02.consent", "ask my boss"))
    assert answer(one, "FIN-02.value").consent == "do not use"
    assert "choice-unknown" in codes(one)


@pytest.mark.parametrize(
    ("language", "others", "typed", "number"),
    [
        # the language alone does not decide, whichever it is: it is what the form is left at
        ("en", (), "1.200", None),
        ("en", (), "12.345", None),
        ("de", (), "1,200", None),
        ("de", (), "1.200", None),
        (None, (), "1.200", None),
        # a number that shows the habit does, as long as nothing speaks against it
        ("en", ("1,234.5",), "1.200", 1.2),
        ("en", ("2.5",), "12.345", 12.345),
        ("en", ("2.5",), "1,200", 1200),
        ("de", ("2,5",), "1.200", 1200),
        (None, ("1.234.567",), "1.200", 1200),
        (None, ("2,5",), "1,200", 1.2),
        ("en", ("2,5",), "1.200", None),
        ("en", ("1.234.567",), "12.345", None),
        ("de", ("1,234.5",), "1,200", None),
        (None, ("2,5", "2.5"), "1.200", None),
        # what has two readings itself shows no habit, and a number that was not typed has none
        ("en", ("3.400",), "1.200", None),
        ("en", (2.5,), "1.200", None),
    ],
)
def test_a_number_with_two_readings_is_read_where_all_evidence_agrees(
    language, others, typed, number, read
):
    def change(book):
        for key, other in zip(("FIN-02.baseline", "FIN-02.target"), others, strict=False):
            cell_of(book, key).value = other
        cell_of(book, "FIN-01.value").value = typed

    one = read(change, FILLED | ({"STA-05.value": language} if language else {}))
    row = answer(one, "FIN-01.value")
    fault = next(f for f in one.faults if f.question == "FIN-01" and f.field == "value")
    if number is None:
        readings = "12.345 or 12,345" if typed == "12.345" else "1.2 or 1,200"
        assert (row.status, fault.code) == ("invalid", "number-ambiguous")
        assert f"{typed} can be read in two ways: is it {readings}?" in fault.message
    else:
        assert (row.status, row.number, row.currency) == ("reported", number, "EUR")
        assert (fault.code, fault.severity) == ("answer-understood", "note")
        assert f"{typed} read as {number:,}, as in {others[0]} (FIN-02)" in fault.message


def test_both_readings_have_to_do_with_the_unit_and_the_range_of_the_question(read):
    def change(book):
        cell_of(book, "FIN-02.value").value = "1.200 kt"
        cell_of(book, "FIN-02.target").value = "2,5"

    one = read(change)
    assert answer(one, "FIN-02.value").status == "invalid"
    told = {f.code for f in one.faults if f.field == "value" and f.question == "FIN-02"}
    assert told == {"answer-understood", "value-out-of-range"}


def test_rows_of_a_table_are_evidence_and_are_read_by_it(read):
    def change(book):
        sheet = book["1a Funding"]
        heads = {cell.value: cell.column for row in sheet.iter_rows() for cell in row}
        first = next(c.row for row in sheet.iter_rows() for c in row if c.value == "A bank")
        sheet.cell(first, heads["Amount"]).value = "EUR 1.200"
        sheet.cell(first + 1, heads["Amount"]).value = "EUR 2,5"

    one = read(change)
    assert answer(one, "FIN-T1.1.amount").number == 1200
    assert answer(one, "FIN-T1.2.amount").number == 2.5


def test_two_rows_that_claim_one_question_are_asked_about(read):
    def change(book):
        sheet = book["1 Finance"]
        sheet["A30"], sheet["E30"] = "FIN-02", 999

    one = read(change)
    assert "cell-claimed-twice" in codes(one)
    assert answer(one, "FIN-02.value").status == "invalid"


def test_an_answer_found_by_its_wording_is_told(read):
    def change(book):
        for name in [n for n in book.defined_names if n.startswith("FIN_02")]:
            del book.defined_names[name]
        next(c for c in book["1 Finance"]["A"] if c.value == "FIN-02").value = None

    one = read(change)
    assert answer(one, "FIN-02.value").number == 100
    assert "cell-guessed" in codes(one)


def test_a_question_that_is_gone_is_told(read):
    def change(book):
        sheet = book["1 Finance"]
        row = next(c.row for c in sheet["A"] if c.value == "FIN-02")
        for name in [n for n in book.defined_names if n.startswith("FIN_02")]:
            del book.defined_names[name]
        for cell in sheet[row]:
            cell.value = None

    one = read(change)
    assert "question-not-found" in codes(one)
    row = answer(one, "FIN-02.value")
    assert row.status == "missing"
    assert row.isna()["cell"]


def test_a_moved_column_of_a_table_is_found_by_its_heading(read):
    def change(book):
        book["1a Funding"].insert_cols(2)

    one = read(change)
    assert answer(one, "FIN-T1.1.amount").number == 7
    assert answer(one, "FIN-T1.2.source").text == "A fund"


def test_hidden_merged_and_commented_cells_are_told(read):
    def change(book):
        sheet = book["1 Finance"]
        cell = cell_of(book, "FIN-02.value")
        sheet.row_dimensions[cell.row].hidden = True
        cell.comment = Comment("measured twice", "someone")
        sheet.merge_cells("E9:E10")
        book.create_sheet("My notes")["A1"] = "hello"

    one = read(change)
    assert {"hidden-content", "cell-comment", "merged-answer", "sheet-unknown"} <= codes(one)
    assert answer(one, "FIN-02.value").number == 100


def test_days_counted_from_1904_are_the_same_days(read):
    def change(book):
        book.epoch = dt.datetime(1904, 1, 1)  # noqa: DTZ001

    one = read(change)
    assert one.signed == "2024-03-01"
    assert "dates-since-1904" in codes(one)


def test_strict_open_xml_is_read_like_any_other(read):
    pairs = [
        (
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ),
        (
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    ]

    def change(name, part):
        for plain, strict in pairs:
            part = part.replace(plain, strict)
        return part

    assert answer(read(parts=change), "FIN-02.value").number == 100


def test_a_column_formatted_to_the_last_row_costs_nothing(read):
    rows = b"".join(b'<row r="%d"><c r="E%d" s="3"/></row>' % (n, n) for n in range(200, 1_048_577))

    def change(name, part):
        return part.replace(b"</sheetData>", rows + b"</sheetData>") if "sheet3" in name else part

    one = read(parts=change)
    assert answer(one, "FIN-02.value").number == 100
    assert one.state == "answered"


def test_characters_that_excel_writes_as_numbers_are_read(read):
    """A line end in pasted text is ``_x000D_`` in the file, and whoever typed that is escaped."""

    def change(name, part):
        return part.replace(
            b"A fund", b"A fund_x000D_\nof two_x005F_x0041_ _x00E9_ _x0007_ _xD83D_"
        )

    one = read(parts=change)
    words = answer(one, "FIN-T1.2.source").text.split()
    assert words == ["A", "fund", "of", "two_x0041_", "é", "_x0007_", "_xD83D_"]
    assert codes(one) == codes(read())


def test_two_readers_that_disagree_are_told(read):
    def change(name, part):
        # a second value in one cell: one parser takes the first, the other the last
        return part.replace(b"<v>100</v>", b"<v>100</v><v>200</v>")

    fault = next(f for f in read(parts=change).faults if f.code == "readers-disagree")
    assert (fault.question, fault.field, fault.found) == ("FIN-02", "value", "100 / 200.0")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        # error values that came after the standard; one parser refuses their whole sheet
        ('t="e"><v>#SPILL!</v>', {"error-cell"}),
        ('t="e"><v>#CALC!</v>', {"error-cell"}),
        # what the other refuses with the whole workbook
        ('t="s"><v>99999999</v>', {"error-cell"}),
        ('t="n"><v>many</v>', {"not-understood"}),
        ('t="q"><v>many</v>', {"not-understood"}),
        ('t="n"><v>1,5</v>', {"readers-disagree"}),
        ('t="n"><v>1_000</v>', {"unit-unknown"}),
        ('s="99999" t="n"><v>100</v>', set()),
    ],
)
def test_one_odd_cell_ends_the_comparison_of_no_other(cell, expected, read):
    def change(name, part):
        part = part.replace(b"<v>7777</v>", b"<v>7777</v><v>8</v>")  # two values: readers differ
        return re.sub(
            rb'(<c r="E6")[^>]*><v>100</v>', lambda found: found[1] + b" " + cell.encode(), part
        )

    one = read(parts=change, answers=FILLED | {"FIN-T1.1.amount": 7777})
    by_place = {(f.question, f.row, f.field): f for f in one.faults if f.code == "readers-disagree"}
    assert by_place["FIN-T1", 1, "amount"].found == "7777 / 8.0"
    assert not {"reader-second-failed", "sheet-not-compared", "cells-not-compared"} & codes(one)
    here = {f.code for f in one.faults if (f.question, f.field) == ("FIN-02", "value")}
    assert here == expected
    # names, formats and everything else that only one parser reads are there
    assert "cell-moved" not in codes(one)
    assert answer(one, "FIN-03.value").number == 12


def test_one_odd_cell_of_an_ods_ends_the_comparison_of_no_other(
    tmp_path, framework, edition, process
):
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    rows = [["Code", "Answer"], ["FIN-07", "many"], ["FIN-02", "100"]]

    def lay_out(text):
        numeric = text in ("many", "100")
        typed = f'float" office:value="{text}' if numeric else "string"
        return (
            f'<table:table-cell office:value-type="{typed}"><text:p>{text}</text:p>'
            "</table:table-cell>"
        )

    cells = "".join(
        f"<table:table-row>{''.join(map(lay_out, row))}</table:table-row>" for row in rows
    )
    content = (
        f'<office:document-content xmlns:office="{office}office:1.0" '
        f'xmlns:table="{office}table:1.0" xmlns:text="{office}text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="1 Finance">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        f'<m:manifest xmlns:m="{office}manifest:1.0"><m:file-entry m:full-path="/" '
        'm:media-type="application/vnd.oasis.opendocument.spreadsheet"/></m:manifest>'
    )
    path = tmp_path / "return.ods"
    with zipfile.ZipFile(path, "w") as new:
        new.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        new.writestr("META-INF/manifest.xml", manifest)
        new.writestr("content.xml", content)
    one = read_return(
        path, framework=framework, edition=edition, cluster_hint="norrhavn", process=process
    )
    assert one.state == "answered", one.reason
    assert not {"reader-second-failed", "readers-disagree"} & codes(one)
    assert answer(one, "FIN-02.value").number == 100
    assert {f.code for f in one.faults if f.question == "FIN-07"} == {"not-understood"}


def test_an_odd_cell_that_holds_no_answer_is_a_note(read):
    def change(name, part):
        row = b'<row r="40"><c r="B40" t="e"><v>#FIELD!</v></c><c r="A0"><v>1</v></c></row>'
        return part.replace(b"</sheetData>", row + b"</sheetData>") if "sheet3" in name else part

    one = read(parts=change)
    (fault,) = [f for f in one.faults if f.code == "cells-not-compared"]
    assert (fault.severity, fault.found) == ("note", "1 Finance!A0, 1 Finance!B40")
    assert codes(one) - {"cells-not-compared"} == codes(read())


def test_a_sheet_that_one_reader_cannot_read_is_named_and_the_others_are_compared(read):
    def change(name, part):
        part = part.replace(b"<v>7777</v>", b"<v>7777</v><v>8</v>")
        # a place that no sheet has; openpyxl goes by the row and column alone
        return part.replace(b'<row r="6"', b'<row r="4294967296"') if "sheet3" in name else part

    one = read(parts=change, answers=FILLED | {"FIN-T1.1.amount": 7777})
    fault = next(f for f in one.faults if f.code == "sheet-not-compared")
    assert (fault.severity, fault.found) == ("note", "1 Finance")
    assert "readers-disagree" in codes(one)


def test_the_cluster_is_found_when_programs_drop_what_is_hidden(read, cluster):
    def change(book):
        del book["About"]
        del book["Lists"]
        book.custom_doc_props.props.clear()

    assert read(change).cluster == cluster.id


def test_a_return_that_says_two_clusters_belongs_to_none(read):
    one = read(put("STA-01.value", "Port Azul"))
    assert one.cluster is None
    assert "cluster-two" in codes(one)


def test_a_cluster_that_is_not_on_the_register_is_told(read):
    def change(book):
        del book["About"]
        book.custom_doc_props.props.clear()
        cell_of(book, "STA-01.value").value = "Atlantis"

    one = read(change)
    assert one.cluster is None
    assert "cluster-unknown" in codes(one)


def test_another_editions_workbook_is_refused(read, edition):
    def change(book):
        book["About"]["B1"] = "1999"
        book.custom_doc_props.props.clear()

    one = read(change)
    assert (one.state, codes(one)) == ("unreadable", {"file-other-edition"})


def test_a_workbook_that_is_no_survey_is_refused(tmp_path, framework, edition, process):
    book = openpyxl.Workbook()
    book.active["A1"] = "lunch menu"
    path = tmp_path / "menu.xlsx"
    book.save(path)
    one = read_return(path, framework=framework, edition=edition, process=process)
    assert (one.state, codes(one)) == ("unreadable", {"file-not-our-survey"})


def test_the_name_of_the_file_does_not_matter(tmp_path, read, framework, edition, process):
    read()
    other = (tmp_path / "return.xlsx").rename(tmp_path / "Kopie von final (2).PDF")
    one = read_return(other, framework=framework, edition=edition, process=process)
    assert (one.cluster, one.state) == ("norrhavn", "answered")


def test_an_error_value_is_told_where_only_the_second_reader_can_read(read):
    def change(name, part):
        if "sheet3" in name:
            part = re.sub(rb"(<c r=\"E6\"[^>]*?) t=\"n\">", rb"\1>", part)
            part = re.sub(rb"(<c r=\"E6\"[^>]*?)><v>100</v>", rb'\1 t="e"><v>#REF!</v>', part)
        # what openpyxl refuses and calamine does not look at
        return part.replace(b"<fonts", b"<broken") if name == "xl/styles.xml" else part

    one = read(parts=change)
    assert one.state == "answered"
    assert answer(one, "FIN-02.value").status == "invalid"
    assert "error-cell" in codes(one)


@pytest.mark.parametrize("key", ["FIN-04.value", "FIN-05.value", "FIN-06.value", "FIN-07.value"])
def test_any_kind_of_question_may_not_apply(key, read):
    assert answer(read(put(key, "n/a")), key).status == "not applicable"


def test_a_row_that_stands_twice_is_told(read):
    one = read(answers=FILLED | {"FIN-T1.5.source": " a  BANK"})
    fault = next(f for f in one.faults if f.code == "row-twice")
    assert (fault.question, fault.row, fault.found, fault.expected) == ("FIN-T1", 5, "1", "Source")


@pytest.mark.parametrize("digits", [b"9" * 400, b"1e999", b"nan", b"-inf"])
def test_a_number_that_is_none_is_asked_about(digits, read):
    one = read(parts=lambda _, part: part.replace(b"<v>100</v>", b"<v>" + digits + b"</v>"))
    if one.state == "answered":
        assert answer(one, "FIN-02.value").status == "invalid"


def test_a_workbook_with_macros_is_read_without_them(read, tmp_path, framework, edition, process):
    read(answers=FILLED | {"FIN-07.value": "lots"})
    out = io.BytesIO()
    with zipfile.ZipFile(tmp_path / "return.xlsx") as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "[Content_Types].xml":
                part = part.replace(
                    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                )
            new.writestr(name, part)
        new.writestr("xl/vbaProject.bin", b"Sub AutoOpen()")
    path = tmp_path / "return.xlsm"
    path.write_bytes(out.getvalue())
    one = read_return(path, framework=framework, edition=edition, process=process)
    assert answer(one, "FIN-02.value").number == 100
    back = write_queries(
        tmp_path / "back.xlsx",
        source=path,
        one=one,
        framework=framework,
        edition=edition,
        process=process,
    )
    with zipfile.ZipFile(back) as archive:
        assert not [name for name in archive.namelist() if "vba" in name]
        assert b"macro" not in archive.read("[Content_Types].xml")
