"""What the data are worth: findings, corrections, changed baselines, what is withheld."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import pandas as pd

from annual_report.measures.answers import USABLE
from annual_report.measures.measure import ALL
from annual_report.measures.totals.restatements import CODE as RESTATED
from annual_report.numbers import Style, fit_decimals, format_in_full, label_unit
from annual_report.season.printing import WHO
from annual_report.season.register import Register
from annual_report.season.symbols import name_field
from annual_report.season.value import Value
from annual_report.survey.findings.finding import KINDS
from annual_report.tables import SEVERITIES

_EXACT = Style(digits=6)


class Quality(Register):
    """What was found in the returns of an edition, what was changed, and what is not shown."""

    @cached_property
    def findings(self) -> pd.DataFrame:
        """What was found in the returns, one row each: severity, code, finding, advice, message.

        ``finding`` and ``advice`` are of its kind; ``message`` and ``action`` say what it is about,
        and are empty where an answer that was looked at is not for publication.
        """
        found = self._store.read("findings").rename(columns={"cluster": "cluster_id"})
        checks = {c.code: c for c in self._store.framework.checks}
        titles = {code: check.message.rstrip(".") for code, check in checks.items()}
        titles |= {code: kind.title for code, kind in KINDS.items()}
        advice = {code: check.action for code, check in checks.items()}
        offered = "what the survey offers"
        advice |= {c: kind.action.replace("{expected}", offered) for c, kind in KINDS.items()}
        found["cluster"] = self._name_clusters(found["cluster_id"])
        found["severity"] = pd.Categorical(found["severity"], SEVERITIES, ordered=True)
        found["finding"] = found["code"].map(titles).astype("str")
        found["advice"] = found["code"].map(advice).astype("str")
        words = ["question", "field", "message", "action"]
        found[words] = found[words].astype("str").where(found[words].notna(), "")
        keys = [*WHO, "severity", "code", "finding", "advice", "message", "action"]
        return found[[*keys, "question", "row", "field", "id"]].reset_index(drop=True)

    @cached_property
    def corrections(self) -> pd.DataFrame:
        """Answers that were corrected or confirmed: answer, reported, used, note, mark.

        ``used`` is a `Value`, or a text; where the answer is not for publication it is withheld,
        and what was reported and the note are empty.
        """
        found = self._store.corrected().rename(columns={"cluster": "cluster_id"})
        found["cluster"] = self._name_clusters(found["cluster_id"])
        found = found.sort_values("cluster", kind="stable", ignore_index=True)
        records = found.to_dict("records")
        answers = [name_field(r["question"], r["row"], r["field"]) for r in records]
        found["answer"] = pd.Series(answers, dtype="str")
        found["used"] = pd.Series([self._print_used(r) for r in records], dtype=object)
        for words in ("reported", "note"):
            found[words] = found[words].astype("str").where(found[words].notna(), "")
        return found[[*WHO, "answer", "reported", "used", "note", "mark", "id"]]

    def _print_used(self, record: dict[Any, Any]) -> Value | str:
        number, address = record["number"], str(record["id"])
        if record["mark"]:
            return Value.unknown(str(record["mark"]), id=address)
        if pd.isna(number):
            return str(record["text"])
        text = format_in_full(number, self._store.edition.locale, most=10)
        return Value(number, text=text, id=address)

    @cached_property
    def restatements(self) -> pd.DataFrame:
        """Baselines that changed since the edition before: question, baseline, before and now."""
        found = self._store.measures(RESTATED)
        changed = found[~found["measure"].str.endswith(".before")]
        rows = [self._compare(measure) for measure in changed["measure"]]
        columns = [*WHO, "question", "baseline", "unit", "before", "now", "mark"]
        frame = pd.DataFrame(rows, columns=columns, dtype=object)  # of Value, floats would be made
        frame["cluster"] = self._name_clusters(frame["cluster_id"])
        return frame

    def _compare(self, measure: str) -> dict[str, object]:
        cluster, code = measure.split(".")
        question = self._store.framework.questions[code]
        named = [i for i in self._store.framework.indicators if code in i.questions]
        ids = [f"{ALL}.{RESTATED}.{name}" for name in (f"{measure}.before", measure)]
        pair = self._store.find(ids)
        numbers = pair["number"].dropna()
        style = fit_decimals(_EXACT, *numbers) if len(numbers) else _EXACT
        before, now = (self._find_value(address, style) for address in ids)
        about = named[0].name.partition(",")[0] if named else question.text
        return {
            "cluster_id": cluster, "question": code, "baseline": f"{code} {about}",
            "unit": label_unit(pair["unit"].iloc[1] or ""), "before": before, "now": now,
            "mark": now.mark,
        }  # fmt: skip

    @cached_property
    def unconverted(self) -> pd.DataFrame:
        """Answers that could not be brought into the unit asked for: answer, why, id."""
        found = self._store.quantities().rename(columns={"cluster": "cluster_id", "text": "why"})
        lost = found["number"].isna() & (found["mark"] == "missing") & found["why"].notna()
        found = found[lost & (found["cluster_id"] != ALL)].copy()
        found["cluster"] = self._name_clusters(found["cluster_id"])
        places = zip(found["code"], found["measure"], strict=True)
        answers = [_name_measure(code, measure) for code, measure in places]
        found["answer"] = pd.Series(answers, index=found.index, dtype="str")
        found = found.sort_values("cluster", kind="stable", ignore_index=True)
        return found[[*WHO, "answer", "why", "id"]]

    @cached_property
    def withheld(self) -> pd.DataFrame:
        """How much is withheld, of how much: a kind of totals, and last single answers a row."""
        totals = self._store.totals()
        kinds = totals["code"].map(self._name_totals)
        hidden = (totals["mark"] == "withheld").groupby(kinds, sort=False).agg(["sum", "size"])
        answers = self._store.read("answers")
        given = answers[answers["status"].isin(USABLE)]
        kept = int((given["mark"] == "withheld").sum())
        hidden.loc["Answers that enter totals only"] = [kept, len(given)]
        frame = hidden.rename_axis("what").reset_index()
        frame.columns = pd.Index(["what", "withheld", "of"])
        return frame

    def _name_totals(self, code: str) -> str:
        framework = self._store.framework
        headlines = {h.code: h.name for h in framework.headlines}
        if code in headlines:
            name = headlines[code]
            return f"Totals: {name if name[1:2].isupper() else name[:1].lower() + name[1:]}"
        if code in framework.tables:
            return f"Totals of table {code}, {framework.tables[code].name}"
        if code in framework.questions:
            return "Totals of single questions"
        return f"Totals: {code.replace('-', ' ')}"


def _name_measure(code: str, measure: str) -> str:
    """The cell behind a quantity, whose measure is ``field.standard``, in a table after its row."""
    *row, field = measure.removesuffix(".standard").split(".")
    return name_field(code, int(row[0]) if row else 0, field)
