"""What is not known of a cluster: unanswered questions, open queries, corrected answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from annual_report.exhibits.model import Heading, Number, Prose, Runs, Span
from annual_report.exhibits.profile import has_answered, read_return
from annual_report.exhibits.season import Season
from annual_report.exhibits.words import (
    capitalise,
    compose,
    count_things,
    join_words,
    lower_first,
    pluralise,
    write_text,
)
from annual_report.framework import Question, Section, Table
from annual_report.measures.answers import USABLE
from annual_report.measures.consent import name_place
from annual_report.numbers import format_count, format_in_full
from annual_report.season.symbols import name_field
from annual_report.survey.findings import KINDS
from annual_report.tables import list_records

NAMED = 4
"""More open questions than this in one section are counted, not named."""
_LEFT_OUT = ("STA", "HIG")
"""Sections that ask for nothing a reader could miss."""
_GOALS = ("baseline", "target")


def show_heading(season: Season, cluster: str) -> Heading | None:
    """The heading above what is not known; None for a cluster of which nothing is."""
    if not has_answered(season, cluster):
        return None
    return Heading(level=2, text="What we do not know", id=f"{cluster}-gaps")


def show_gaps(season: Season, cluster: str) -> Prose | None:
    """Say what was not answered, section by section, in the words of the survey."""
    if not has_answered(season, cluster):
        return None
    row = read_return(season, cluster)
    answered = Number(text=str(row["answered"]), value=float(row["answered"]))
    first = compose(f"{{}} of {count_things(row['asked'], 'question')} answered.", answered)
    states = _read_states(season, cluster)
    sections = [s for s in season.framework.sections if s.code not in _LEFT_OUT]
    empty = [s for s in sections if len(_list_blank(s, states)) == len(_list_asked(s))]
    told = [_tell_section(s, states) for s in sections if s not in empty]
    if empty:
        titles = join_words([s.title for s in empty])
        told.append((Span(text="Nothing answered. ", strong=True), Span(text=f"{titles}.")))
    return write_text(first, *filter(None, told), *_tell_consent(season, cluster))


def _read_states(season: Season, cluster: str) -> dict[tuple[str, str], str]:
    """What became of each field of a single question, and of each table as a whole."""
    states: dict[tuple[str, str], str] = {}
    for record in list_records(season.answers_of(cluster)):
        field = record["field"] if record["row"] == 0 else "value"
        key = (record["question"], field)
        if key not in states or record["status"] in USABLE:
            states[key] = record["status"]
    return states


def _tell_section(section: Section, states: dict[tuple[str, str], str]) -> Runs | None:
    asked, blank = _list_asked(section), _list_blank(section, states)
    named = [_name(question) for question in blank]
    for question in section.questions:
        goals = [g for g in _GOALS if getattr(question, g) and _is_blank(states, question, g)]
        if goals and question not in blank:
            named.append(f"{_name(question)} ({join_words(goals)})")
    if not named:
        return None
    title = Span(text=f"{section.title}. ", strong=True)
    if len(named) > NAMED:
        text = f"{format_count(len(blank))} of {count_things(len(asked), 'question')} not answered."
        return (title, Span(text=text))
    return (title, Span(text=" ".join(named)))


def _list_asked(section: Section) -> list[Question | Table]:
    return [*section.questions, *section.tables]


def _list_blank(section: Section, states: dict[tuple[str, str], str]) -> list[Question | Table]:
    return [asked for asked in _list_asked(section) if _is_blank(states, asked, "value")]


def _is_blank(states: dict[tuple[str, str], str], question: Question | Table, field: str) -> bool:
    return states.get((question.code, field), "missing") in ("missing", "invalid")


def _name(question: Question | Table) -> str:
    return f"{question.code} {question.text}"


def _tell_consent(season: Season, cluster: str) -> Iterator[Runs]:
    answers = season.answers_of(cluster)
    given = answers[answers["status"].isin(USABLE)]
    questions = given.loc[given["consent"] == "aggregate only", "question"].nunique()
    if questions:
        verb = "enters totals only and is" if questions == 1 else "enter totals only and are"
        count = capitalise(count_things(questions, "answer"))
        yield compose(f"{count}, as the cluster wishes, {verb} not shown here.")


def show_queries(season: Season, cluster: str) -> Prose | None:
    """List what is still to be settled with the cluster, in plain words; None without anything."""
    open_ones = [
        record
        for record in list_records(season.findings_of(cluster))
        if record["severity"] in ("error", "warning")
    ]
    if not has_answered(season, cluster) or not open_ones:
        return None
    by_code: dict[str, list[dict[str, Any]]] = {}
    for record in open_ones:
        by_code.setdefault(record["code"], []).append(record)
    lines = [
        line for code, records in by_code.items() for line in _tell_queries(season, code, records)
    ]
    noun = pluralise(len(open_ones), "query is", "queries are")
    lead = compose(f"{format_count(len(open_ones))} {noun} open:")
    return write_text((*lead[:-1], _strong(lead[-1])), *lines, bullets=False)


def _strong(run: Number | Span) -> Number | Span:
    return run.model_copy(update={"strong": True}) if isinstance(run, Span) else run


def _tell_queries(season: Season, code: str, records: list[dict[str, Any]]) -> Iterator[Runs]:
    public = [record for record in records if record["message"]]
    if len(records) > NAMED:
        public = []
    if hidden := len(records) - len(public):
        times = "Once" if hidden == 1 else f"{format_count(hidden)} times"
        yield compose(f"{times}: {lower_first(title_finding(season, code))}.")
    told: dict[str, list[str]] = {}
    for record in public:
        told.setdefault(record["message"], []).append(record["question"])
    for message, places in told.items():
        yield compose(f"{capitalise(join_words(_count_places(places)))}: {{}}", message)


def _count_places(places: list[str]) -> list[str]:
    counts = {place: places.count(place) for place in dict.fromkeys(places)}
    return [f"{p} ({count_things(n, 'row')})" if n > 1 else p for p, n in counts.items()]


def title_finding(season: Season, code: str) -> str:
    """What a kind of finding is called: by the reader, or by the check of the framework."""
    if code in KINDS:
        return KINDS[code].title
    check = next((c for c in season.framework.checks if c.code == code), None)
    return check.message.rstrip(".") if check else code.replace("-", " ").capitalize()


def show_corrections(season: Season, cluster: str) -> Prose | None:
    """List the answers that the report changed or confirmed, and why; None without any."""
    records = [
        record
        for record in list_records(season.answers_of(cluster))
        if record["status"] == "corrected" and record["consent"] == "publish"
    ]
    if not records:
        return None
    noun = pluralise(len(records), "answer was", "answers were")
    lead = (Span(text=f"{format_count(len(records))} {noun} corrected:", strong=True),)
    return write_text(lead, *(_tell_correction(record) for record in records))


def _tell_correction(record: dict[str, Any]) -> Runs:
    new = record["text"] if record["number"] is None else format_in_full(record["number"], most=10)
    place = name_field(record["question"], record["row"], record["field"])
    number = Number(
        text=str(new),
        value=record["number"],
        id=record["id"],
        source=name_place(record),
    )
    reported = record["reported"] or "nothing"
    return compose(f"{place}: from “{reported}” to {{}}. {record['note'] or ''}", number)
