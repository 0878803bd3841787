"""What may be told of a cluster's answers: the one place that takes out what may not.

Report and explanations see tables only as they leave here. What is not for publication is still
there as a row, with its consent and without its content, so that it can be counted and marked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from annual_report.framework import Framework
from annual_report.measures.disclosure.contributors import PUBLIC
from annual_report.measures.measure import ALL

FILE = ("workbook", "sha256")
"""Columns that tell a respondent's file: nobody's business but the author's."""
_WORDS = (
    "question", "row", "field", "sheet", "cell", "found", "expected", "message", "action",
)  # fmt: skip


def is_public(cluster: str, consent: str) -> bool:
    """Whether a number may stand alone: a total that is not withheld, or an answer to publish."""
    return cluster == ALL or consent == PUBLIC


def name_place(answer: Mapping[str, Any]) -> str:
    """Where an answer stands, as anybody may know it: cluster, sheet and cell; never the file."""
    return " › ".join(str(answer[k]) for k in ("cluster", "sheet", "cell") if answer[k])


def hide_findings(
    findings: pd.DataFrame, framework: Framework, private: Collection[str]
) -> pd.DataFrame:
    """Leave code and weight of a finding that concerns an answer which is not for publication.

    Parameters
    ----------
    private
        Codes of the questions to which not every answer is, this year or last year.
    """
    shown = findings.copy()
    pairs = zip(shown["code"], shown["question"], strict=True)
    told = [_concerns(framework, code, question) for code, question in pairs]
    hidden = [not codes or not codes.isdisjoint(private) for codes in told]
    shown.loc[pd.Series(hidden, index=shown.index, dtype=bool), list(_WORDS)] = None
    return _hide_files(shown)


def _concerns(framework: Framework, code: str, question: str | None) -> frozenset[str]:
    """The questions that a finding's words say something of; none for a whole return."""
    check = next((c for c in framework.checks if c.code == code), None)
    own = frozenset([question] if isinstance(question, str) else ())
    if check is None:
        return own
    named = {word for value in check.parameters.values() for word in _list_words(value)}
    # where no question is named, the check goes over its questions one by one
    is_across = any(word.partition(".")[0] in check.questions for word in named)
    return own | frozenset(check.questions if is_across else ())


def _list_words(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple | list) else (str(value),)


def _hide_files(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.drop(columns=[name for name in FILE if name in frame.columns])
