"""Everything that can be found in a return: one table of codes, weights and words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class FindingKind:
    """One kind of finding.

    ``message`` and ``action`` may hold ``{found}``, ``{expected}``, ``{place}`` and ``{workbook}``.
    """

    code: str
    severity: Severity
    title: str
    message: str
    action: str


_ALL: tuple[FindingKind, ...] = (
    # --- the file as a whole
    FindingKind(
        "file-missing",
        "error",
        "No such file",
        "There is no readable file here: {found}.",
        "Check the path, or ask for the workbook again.",
    ),
    FindingKind(
        "file-empty",
        "error",
        "Empty file",
        "The file is empty (0 bytes).",
        "Ask for the workbook again: the upload or the e-mail broke.",
    ),
    FindingKind(
        "file-too-large",
        "error",
        "File too large",
        "The file is larger than a filled survey can be: {found}, at most {expected}.",
        "Remove pictures and sheets that are not part of the survey, and send it again.",
    ),
    FindingKind(
        "file-protected",
        "error",
        "Password-protected file",
        "The file is protected by a password and cannot be opened.",
        "Save it without a password (File, Info, Protect Workbook) and send it again.",
    ),
    FindingKind(
        "file-not-a-workbook",
        "error",
        "Not a workbook",
        "This is {found}, not a spreadsheet workbook, whatever its name says.",
        "Send the survey workbook itself, saved as .xlsx, .xlsm, .xlsb, .xls or .ods.",
    ),
    FindingKind(
        "file-damaged",
        "error",
        "Damaged file",
        "The file is damaged and cannot be read: {found}.",
        "Open it in the program it was made with, save it under a new name and send that.",
    ),
    FindingKind(
        "file-suspicious",
        "error",
        "File not opened for safety",
        "The file holds something that a filled survey never has: {found}.",
        "Copy the answers into a fresh survey workbook and send that.",
    ),
    FindingKind(
        "file-reader-stopped",
        "error",
        "The file stopped the reader",
        "Reading the file took more time or memory than a survey may need: {found}.",
        "Copy the answers into a fresh survey workbook and send that.",
    ),
    FindingKind(
        "reader-failed",
        "error",
        "Our reader failed",
        "Our own program failed on this file: {found}.",
        "Nothing on your side; tell those who maintain the program, with the file.",
    ),
    FindingKind(
        "queries-not-written",
        "warning",
        "No workbook to send back",
        "The queries could not be marked in a copy of this file.",
        "Send the list of queries by mail, with a fresh survey workbook.",
    ),
    FindingKind(
        "file-not-our-survey",
        "error",
        "Not this survey",
        "This is a workbook, but none of the survey's questions is in it.",
        "Send the filled survey workbook.",
    ),
    FindingKind(
        "file-other-edition",
        "error",
        "Another edition's survey",
        "This workbook is of the edition {found}; we are reading {expected}.",
        "Fill in and send the workbook of this edition.",
    ),
    FindingKind(
        "reader-second-failed",
        "note",
        "Read by one reader only",
        "The second reader could not read this file, so no answer was compared: {found}.",
        "Nothing; if a number looks strange, save the file in Excel and send it again.",
    ),
    FindingKind(
        "readers-disagree",
        "error",
        "Two readers disagree",
        "Two readers of the file see different things in this cell: {found}.",
        "Open the file, look at the cell, save it again and send it.",
    ),
    # --- whose return it is
    FindingKind(
        "cluster-unknown",
        "error",
        "Cluster not on the register",
        "The return names the cluster {found}, which is not on the register.",
        "Put the cluster's name from the register into STA-01.",
    ),
    FindingKind(
        "cluster-two",
        "error",
        "Two clusters in one return",
        "The return says two clusters: {found}.",
        "Say which one it is for: the name in STA-01 and the prepared workbook must agree.",
    ),
    FindingKind(
        "cluster-unnamed",
        "error",
        "No cluster named",
        "The return does not say which cluster it is for.",
        "Write the cluster's name into STA-01.",
    ),
    FindingKind(
        "return-superseded",
        "note",
        "Another file of the cluster counts",
        "The file {workbook} is left out: {expected}.",
        "Nothing, if that is right; otherwise tell us which file counts, or sign {workbook} off "
        "with a later day and send it again.",
    ),
    FindingKind(
        "return-unsigned",
        "warning",
        "A file without a day of sign-off",
        "The file {workbook} has no day of sign-off (STA-07) that can be read and is left out: "
        "{expected}.",
        "If {workbook} is the newer one, sign it off with the day and send it again, or tell us "
        "that it counts.",
    ),
    FindingKind(
        "return-undecided",
        "warning",
        "Files of which no day says which counts",
        "The file {workbook} is left out: {expected}.",
        "Tell us which of them counts, or sign the right one off with a later day and send it "
        "again.",
    ),
    FindingKind(
        "return-copy",
        "note",
        "An identical copy",
        "The file {workbook} is a copy of {expected}, byte for byte.",
        "Nothing.",
    ),
    FindingKind(
        "return-unreadable",
        "warning",
        "Another file of the cluster could not be read",
        "The file {workbook} could not be read, {expected}. {found}",
        "Check that the right file counts.",
    ),
    FindingKind(
        "return-stray",
        "error",
        "A file that belongs to no cluster",
        "The file {workbook} belongs to no cluster and was left out. {found}",
        "Find out whose it is; put the cluster's name from the register into STA-01.",
    ),
    FindingKind(
        "return-chosen",
        "note",
        "Chosen by the author",
        "The author of the report decided that this file counts: {found}.",
        "Tell us if that is wrong.",
    ),
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
        "{found} is outside the plausible range: {expected}.",
        "Check the number and its unit; if it is right, say so in the comment.",
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
