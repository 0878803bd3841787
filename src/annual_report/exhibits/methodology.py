"""How the report measures: read from the framework and the code that computes, never retyped."""

from __future__ import annotations

from annual_report.exhibits.indicators import list_questions
from annual_report.exhibits.model import (
    Cell,
    Grid,
    Number,
    Prose,
    Table,
    TableColumn,
)
from annual_report.exhibits.season import Season
from annual_report.exhibits.words import compose, count_things, write_lead
from annual_report.numbers import format_in_full, label_unit
from annual_report.season.symbols import VERDICT_SYMBOLS

_VERDICTS = (
    ("achieved", "the target is met or passed"),
    ("on track", "0 < acceleration factor ≤ 1: at today's pace the target is met in time"),
    ("off track", "1 < acceleration factor < 2: the pace must rise, to less than double"),
    ("well off track", "acceleration factor ≥ 2, or no change at all since the baseline"),
    ("wrong direction", "acceleration factor < 0: the value moves away from its target"),
    ("missed", "the target year has come and the target is not met"),
    ("insufficient data", "one of the six inputs is missing, or they contradict each other"),
)


def show_lead(season: Season) -> Prose:
    """Say what is measured, with how many indicators, over how many questions."""
    framework = season.framework
    scored = [i for i in framework.indicators if i.scored]
    return write_lead(
        compose(
            "{} pillars, {} scored indicators and {} for context, computed from {} questions and "
            "{} tables of the survey, version {}.",
            str(len(framework.pillars)),
            str(len(scored)),
            str(len(framework.indicators) - len(scored)),
            str(len(framework.questions)),
            str(len(framework.tables)),
            framework.version,
        ),
        compose("This chapter is made from the definitions that compute the report."),
    )


def show_indicators(season: Season, pillar: str) -> Table:
    """List the indicators of a pillar: definition, weight, unit, questions, source."""
    found = next(p for p in season.framework.pillars if p.code == pillar)
    indicators = season.framework.indicators_of(pillar)
    rows = [
        (
            i.name,
            i.definition,
            Number(text=format_in_full(i.weight), value=i.weight) if i.scored else "context",
            _name_unit(i.unit),
            list_questions(i),
            f"{i.source}. Computed by: {i.calculation.replace('_', ' ')}.",
        )
        for i in indicators
    ]
    scored = sum(i.scored for i in indicators)
    return Table(
        id=f"method-{pillar}",
        title=f"{found.title}: {count_things(scored, 'scored indicator')}",
        unit=found.question,
        source=f"Survey, version {season.framework.version}.",
        pillar=pillar,
        sortable=False,
        grid=Grid(
            columns=(
                TableColumn(name="indicator", label="Indicator", width=2.1),
                TableColumn(name="definition", label="Definition", width=5.35),
                TableColumn(name="weight", label="Weight", unit="%", align="right", width=1.15),
                TableColumn(name="unit", label="Unit", width=1.15),
                TableColumn(name="questions", label="From", width=1.75),
                TableColumn(name="method", label="Method after", width=4.3),
            ),
            rows=tuple(rows),
        ),
    )


def show_verdicts(season: Season) -> Table:
    """List the verdicts of the linear method and when each is given."""
    return Table(
        id="verdicts",
        title="Seven verdicts, from the pace since the baseline",
        source="After State of Climate Action (Systems Change Lab).",
        sortable=False,
        grid=Grid(
            columns=(
                TableColumn(name="symbol", label="", align="center", width=0.3),
                TableColumn(name="verdict", label="Verdict", width=1),
                TableColumn(name="rule", label="Given when", width=4),
            ),
            rows=tuple((VERDICT_SYMBOLS[verdict], verdict, rule) for verdict, rule in _VERDICTS),
        ),
    )


def show_headlines(season: Season) -> Table:
    """List the definitions of the headline totals."""
    currency = season.edition.currency
    rows = tuple(
        (h.name, h.definition, h.name_unit(currency), ", ".join(h.questions))
        for h in season.framework.headlines
    )
    return Table(
        id="method-headlines",
        title="Headlines are plain sums over clusters",
        source="A cluster counts only when it has answered every question of the headline.",
        sortable=False,
        grid=Grid(
            columns=(
                TableColumn(name="headline", label="Headline", width=1.2),
                TableColumn(name="definition", label="Definition", width=4.4),
                TableColumn(name="unit", label="Unit", width=1.2),
                TableColumn(name="questions", label="From", width=1),
            ),
            rows=rows,
        ),
    )


def show_rubrics(season: Season) -> Table:
    """List what each maturity level means, below the question that asks for it."""
    questions = [q for q in season.framework.questions.values() if q.rubric]
    rows: list[tuple[Cell, ...]] = []
    groups: list[int] = []
    for q in questions:
        groups.append(len(rows))
        rows.append((q.code, "", q.text))
        rows += [("", f"{step.level} {step.label}", step.meaning) for step in q.rubric]
    return Table(
        id="rubrics",
        title=f"{count_things(len(questions), 'question')} ask for a level from 0 to 4",
        source=f"Survey, version {season.framework.version}; a level counts as its quarter.",
        sortable=False,
        grid=Grid(
            columns=(
                TableColumn(name="question", label="Question", width=0.8),
                TableColumn(name="level", label="Level", width=1.3),
                TableColumn(name="meaning", label="Asked, and given when", width=6),
            ),
            rows=tuple(rows),
            groups=tuple(groups),
        ),
    )


def _name_unit(unit: str) -> str:
    if unit == "ratio":
        return "ratio"
    return label_unit(unit) or "number"
