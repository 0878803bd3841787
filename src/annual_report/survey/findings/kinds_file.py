"""What can be found of a file as a whole: whether it can be read, whose it is, whether it counts."""

from __future__ import annotations

from annual_report.survey.findings.kind import FindingKind

KINDS_OF_FILES: tuple[FindingKind, ...] = (
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
    FindingKind(
        "cells-not-compared",
        "note",
        "Cells that two readers see differently",
        "Two readers see different things in cells that hold no answer: {found}. All others agree.",
        "Nothing, if no answer stands there.",
    ),
    FindingKind(
        "sheet-not-compared",
        "note",
        "A sheet read by one reader only",
        "The second reader could not read the sheet {found} ({expected}); the others were compared.",
        "Nothing; if a number of it looks strange, save the file in Excel and send it again.",
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
)
