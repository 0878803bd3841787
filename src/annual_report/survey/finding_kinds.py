"""Everything that can be found in a return: one table of codes, weights and words."""

from __future__ import annotations

from annual_report.survey.finding_kind import FindingKind
from annual_report.survey.finding_kinds_file import KINDS_OF_FILES

_ALL: tuple[FindingKind, ...] = (
    *KINDS_OF_FILES,
    # --- where the answers are
    FindingKind(
        "question-not-found",
        "warning",
        "Question not found",
        "The question {expected} is no longer in the workbook.",
        "Put the row back, or copy the answers into a fresh workbook.",
    ),
    FindingKind(
        "table-not-found",
        "warning",
        "Table not found",
        "The table {expected} is no longer in the workbook.",
        "Put the sheet back, or copy the answers into a fresh workbook.",
    ),
    FindingKind(
        "column-not-found",
        "warning",
        "Column not found",
        "The column {expected} is no longer in its table.",
        "Put the column and its heading back.",
    ),
    FindingKind(
        "cell-moved",
        "note",
        "Found by its code",
        "The cell's name was lost or points elsewhere; it was found by its code and heading.",
        "Check that the value is the one you meant.",
    ),
    FindingKind(
        "cell-guessed",
        "warning",
        "Found by its wording",
        "Name and code were lost; the answer was found by the wording of the question.",
        "Check that the value is the one you meant.",
    ),
    FindingKind(
        "cell-claimed-twice",
        "error",
        "Two cells for one answer",
        "Two cells claim this answer and differ: {found}.",
        "Keep one of them and clear the other.",
    ),
    # --- what stands in a cell
    FindingKind(
        "error-cell",
        "error",
        "Error value",
        "The cell holds the error {found} instead of an answer.",
        "Mend the formula, or type the value.",
    ),
    FindingKind(
        "formula-without-value",
        "error",
        "Formula without a stored value",
        "The cell holds a formula whose result was never stored.",
        "Open the file in Excel or LibreOffice, save it, and send it again; or type the value.",
    ),
    FindingKind(
        "not-understood",
        "error",
        "Not understood",
        "We do not understand {found} as {expected}.",
        "Type {expected} without words or signs.",
    ),
    FindingKind(
        "number-ambiguous",
        "error",
        "A number with two readings",
        "{found} can be read in two ways: {expected}.",
        "Type the number without thousands separators.",
    ),
    FindingKind(
        "date-ambiguous",
        "error",
        "A date with two readings",
        "{found} can be read in two ways: {expected}.",
        "Type the date with the year first, such as 2024-03-31.",
    ),
    FindingKind(
        "answer-ambiguous",
        "error",
        "An answer with two readings",
        "{found} can be read in two ways: {expected}.",
        "Type 0 if there is none; leave the cell empty if you do not know; n/a if it cannot apply.",
    ),
    FindingKind(
        "answer-understood",
        "note",
        "Read with a note",
        "We read {found} so: {expected}.",
        "Nothing, if that is what you meant.",
    ),
    FindingKind(
        "choice-unknown",
        "error",
        "Not in the list",
        "{found} is not in the list.",
        "Choose one of: {expected}.",
    ),
    FindingKind(
        "unit-unknown",
        "error",
        "Unknown unit",
        "The unit {found} is not one we can convert.",
        "Use one of: {expected}.",
    ),
    FindingKind(
        "unit-double",
        "error",
        "Two units for one number",
        "The answer says {found}, the unit's cell says {expected}.",
        "Make them agree.",
    ),
    FindingKind(
        "currency-unknown",
        "error",
        "Unknown currency",
        "{found} is not a currency that we know.",
        "Use an ISO 4217 code, such as EUR.",
    ),
    FindingKind(
        "currency-missing",
        "error",
        "Amount without a currency",
        "The amount {found} has no currency, and the return names none for all amounts.",
        "Choose its currency, or name the currency of the return in STA-03.",
    ),
    FindingKind(
        "value-out-of-range",
        "error",
        "Out of its plausible range",
        "We read {found}, which is outside of what is plausible: {expected}",
        "Correct the number or its unit; if it is right, say so in the comment. Until then it is "
        "in no figure of the report.",
    ),
    FindingKind(
        "value-doubtful",
        "warning",
        "A number of an unlikely size",
        "We read {found} and are not sure that it is meant so: {expected}",
        "Correct the number or its unit; if it is right, say so in the comment. Until then the "
        "report marks it, and what is computed from it, as queried.",
    ),
    FindingKind(
        "missing-required",
        "warning",
        "Required answer missing",
        "This required answer is missing.",
        "Please answer it, or type n/a if it cannot apply.",
    ),
    FindingKind(
        "row-incomplete",
        "warning",
        "Row not complete",
        "This row of the table lacks {expected}.",
        "Fill in the missing cell.",
    ),
    FindingKind(
        "row-twice",
        "warning",
        "Row stands twice",
        "This row has the same {expected} as row {found}.",
        "Keep one of the two, or tell them apart.",
    ),
    FindingKind(
        "merged-answer",
        "warning",
        "Merged cells",
        "Answer cells were merged ({found}); only the first of them holds a value.",
        "Unmerge them and fill in each.",
    ),
    FindingKind(
        "hidden-content",
        "note",
        "Hidden content",
        "An answer stands in a hidden place: {found}. It was read like any other.",
        "Check that you meant to send it.",
    ),
    FindingKind(
        "sheet-unknown",
        "note",
        "A sheet that we did not send",
        "The sheet {found} is not part of the survey; nothing in it was read.",
        "If it holds answers, put them into the survey's own cells.",
    ),
    FindingKind(
        "cell-comment",
        "note",
        "A comment on a cell",
        "The cell carries a comment: {found}.",
        "Nothing; the author of the report will read it.",
    ),
    FindingKind(
        "query-reply",
        "note",
        "A reply to a query",
        "The respondent replied to a query: {found}.",
        "Take the reply over into the answer or a correction, or ask again.",
    ),
    FindingKind(
        "dates-since-1904",
        "note",
        "Dates count from 1904",
        "The workbook counts its days from 1904 (an old setting); its dates were read so.",
        "Check the dates.",
    ),
    FindingKind(
        "corrected",
        "note",
        "Corrected by the author",
        "The author of the report changed this answer from {found} to {expected}.",
        "Tell us if the correction is wrong.",
    ),
    FindingKind(
        "confirmed",
        "note",
        "Confirmed by the author",
        "The author of the report confirmed this answer: {found}.",
        "Nothing.",
    ),
)

KINDS: dict[str, FindingKind] = {kind.code: kind for kind in _ALL}
