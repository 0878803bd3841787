"""The public tables: what may leave the house, decided once for all who read after the gathering.

A withheld value is not in them, only its mark; nor are file names, hashes and consents. So
whatever is computed from them gives away nothing that is not published.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from annual_report.framework import Framework
from annual_report.measures.answers import USABLE
from annual_report.measures.consent import hide_findings
from annual_report.measures.measure import ALL
from annual_report.measures.totals.totals import WITHHELD
from annual_report.tables import (
    ANSWERS,
    FINDINGS,
    MEASURES,
    QUERIED,
    RETURNS,
    Column,
    Contract,
    write_table,
)

PUBLIC = "public"
"""Folder of the public tables of an edition."""
PEERS = (".median", ".q1", ".q3")
"""What a profile shows beside its own numbers: while these stay the same, so does the profile."""
MARKS = ("", "missing", "withheld", "not applicable")
FLAGS = ("", "corrected", QUERIED)

_MARK = Column("mark", "text", "why there is no value; empty where there is one", allowed=MARKS)
_FLAG = Column("flag", "text", "what a reader should know of the value", allowed=FLAGS)
_REPLACED = {"consent", "workbook", "sha256", "sheet", "cell", "flag"}


def _keep(contract: Contract, *more: Column) -> tuple[Column, ...]:
    return (*(c for c in contract.columns if c.name not in _REPLACED), _MARK, _FLAG, *more)


PUBLIC_MEASURES = Contract("measures", ("id",), _keep(MEASURES))
PUBLIC_ANSWERS = Contract(
    "answers",
    ("id",),
    _keep(ANSWERS, Column("place", "text", "cluster, sheet and cell of the return")),
)
PUBLIC_RETURNS = Contract(
    "returns",
    ("cluster",),
    tuple(c for c in RETURNS.columns if c.name not in ("workbook", "sha256")),
)
"""What became of each return, without its file."""
PUBLIC_FINDINGS = Contract(
    "findings",
    ("id",),
    tuple(
        replace(c, required=c.name not in ("message", "action")) if c.required else c
        for c in FINDINGS.columns
        if c.name != "workbook"
    ),
)
"""What was found in each return; in words where every answer behind them is public."""
_MEASURE_VALUES = ["number", "text", "year", "n", "note"]
_ANSWER_VALUES = ["number", "text", "unit", "currency", "basis", "reported", "note"]


def publish_answers(answers: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Leave of the answers what may be read by anyone.

    An answer for totals only keeps its address and the mark *withheld*; one that is not to be used
    looks like a question that nobody answered, and in a table its row is not there.

    Parameters
    ----------
    answers
        Rows of :data:`annual_report.tables.ANSWERS`.
    names
        The name of each cluster by its id.

    Returns
    -------
    DataFrame
        Rows of :data:`PUBLIC_ANSWERS`.
    """
    unused = answers["consent"] == "do not use"
    made = answers[~(unused & (answers["row"] > 0))].copy()
    unused = unused.loc[made.index]
    made.loc[unused, "status"] = "missing"
    withheld = (made["consent"] == "aggregate only") & (made["status"] != "missing")
    made["mark"] = made["status"].where(made["status"] == "not applicable", "missing")
    made.loc[made["status"].isin(USABLE), "mark"] = ""
    made.loc[withheld, "mark"] = "withheld"
    made.loc[withheld | unused, _ANSWER_VALUES] = None
    made["flag"] = made["flag"].where(made["flag"] == QUERIED, "")
    made.loc[made["status"] == "corrected", "flag"] = "corrected"
    made.loc[withheld | unused, "flag"] = ""
    where = made["sheet"].where(made["cell"].isna(), made["sheet"] + " › " + made["cell"])
    made["place"] = made["cluster"].map(names) + " › " + where
    return made[[c.name for c in PUBLIC_ANSWERS.columns]].reset_index(drop=True)


def publish_measures(measures: pd.DataFrame, visible: Iterable[str]) -> pd.DataFrame:
    """Leave of the measures what may be read by anyone.

    Parameters
    ----------
    measures
        Rows of :data:`annual_report.tables.MEASURES`.
    visible
        Addresses of public answers, and with its name and a colon in front of what the edition
        before published; other inputs than these, public measures and rates are not named.

    Returns
    -------
    DataFrame
        Rows of :data:`PUBLIC_MEASURES`.
    """
    made = measures.copy()
    own = made["cluster"] != ALL
    unused = own & (made["consent"] == "do not use")
    withheld = (made["text"] == WITHHELD) | (own & (made["consent"] == "aggregate only"))
    known = made["number"].notna() | (made["measure"] == "verdict")
    made["mark"] = made["text"].where(made["text"] == "not applicable", "missing")
    made.loc[known, "mark"] = ""
    made.loc[withheld, "mark"] = "withheld"
    made.loc[unused, "mark"] = "missing"
    hidden = withheld | unused
    made.loc[hidden, _MEASURE_VALUES] = None
    made.loc[hidden, "formula"] = ""
    made["inputs"] = _list_visible(made, hidden, visible)
    made["flag"] = made["flag"].where((made["flag"] == QUERIED) & ~hidden, "")
    return made[[c.name for c in PUBLIC_MEASURES.columns]].reset_index(drop=True)


def _list_visible(
    measures: pd.DataFrame, hidden: pd.Series[bool], visible: Iterable[str]
) -> pd.Series:
    """The inputs that anyone may look up, of measures that anyone may."""
    known = set(visible).union(measures.loc[~hidden, "id"])
    lists = [
        [] if none else [i for i in inputs if i in known or i.startswith("rate.")]
        for none, inputs in zip(hidden, measures["inputs"], strict=True)
    ]
    return pd.Series(lists, index=measures.index, dtype=object)


def publish_findings(
    findings: pd.DataFrame, framework: Framework, answers: pd.DataFrame
) -> pd.DataFrame:
    """Leave of the findings what may be read by anyone: of some, only that there is one.

    Parameters
    ----------
    findings
        Rows of :data:`annual_report.tables.FINDINGS`.
    answers
        Cluster, question and consent of every answer, those of the edition before as well, which
        checks compare with.

    Returns
    -------
    DataFrame
        Rows of :data:`PUBLIC_FINDINGS`, sorted by code.
    """
    kept = answers[answers["consent"] != "publish"].groupby("cluster")["question"].agg(set)
    parts = [
        hide_findings(part, framework, kept.get(cluster, set()))
        for cluster, part in findings.groupby("cluster", sort=False)
    ]
    made = pd.concat([findings.head(0), *parts])[[c.name for c in PUBLIC_FINDINGS.columns]]
    return made.sort_values("code", kind="stable", ignore_index=True)


def write_parts(
    table: pd.DataFrame, contract: Contract, folder: Path, clusters: Iterable[str]
) -> None:
    """Write a public table: of all, and a part for each of these clusters, empty or not."""
    write_table(table, contract, folder / f"{contract.name}.parquet")
    parts = dict(iter(table.groupby("cluster")))
    for cluster in clusters:
        part = parts.get(cluster, table.head(0)).reset_index(drop=True)
        write_table(part, contract, folder / "clusters" / cluster / f"{contract.name}.parquet")


def write_public(
    answers: pd.DataFrame,
    measures: pd.DataFrame,
    names: dict[str, str],
    folder: Path,
    *,
    before: Iterable[str] = (),
) -> set[str]:
    """Write the public tables of one edition: of all, sorted by code, and a part for each cluster.

    Parameters
    ----------
    before
        Addresses, each with its edition, of what the edition before published.

    Returns
    -------
    set of str
        The addresses that anyone may look up.
    """
    told = publish_answers(answers, names)
    open_answers = told.loc[told["mark"] != "withheld", "id"]
    found = publish_measures(measures, [*open_answers, *before])
    for table, code, contract in (
        (told, "question", PUBLIC_ANSWERS),
        (found, "code", PUBLIC_MEASURES),
    ):
        ordered = table.sort_values(code, kind="stable", ignore_index=True)
        write_parts(ordered, contract, folder, names)
    # what a profile shows beside its own numbers: while this stays the same, so does the profile
    peers = found[(found["cluster"] == ALL) & found["measure"].str.endswith(PEERS)]
    write_table(peers, PUBLIC_MEASURES, folder / "peers.parquet")
    return {*open_answers, *found.loc[found["mark"] != "withheld", "id"]}
