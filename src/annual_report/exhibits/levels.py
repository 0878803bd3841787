"""Levels of the rubrics: how many clusters stand on each, this year and last."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from annual_report.exhibits.amounts import list_marks, to_amount, word_for_mark
from annual_report.exhibits.canvas import HALF_MM
from annual_report.exhibits.charts import Amount
from annual_report.exhibits.charts_ladders import Ladder, Step, draw_ladder, draw_ladders
from annual_report.exhibits.model import Cell, Figure, Grid, Number, Prose, TableColumn
from annual_report.exhibits.queried import query_number
from annual_report.exhibits.season import Season
from annual_report.exhibits.tokens import PILLARS
from annual_report.exhibits.words import count_things, say_how_many, write_absence
from annual_report.numbers import COUNT

TOP, BOTTOM = 4, 0


@dataclass(frozen=True)
class Rung:
    """A level that a title asks about: how many stand on it or above, and what they then have."""

    level: int
    has: str
    have: str


@dataclass(frozen=True)
class Counts:
    """How many clusters stand on each level of one question, the highest first."""

    question: str
    now: tuple[Number, ...]
    before: tuple[Number | None, ...]
    answered: int
    of: int

    def at_least(self, level: int) -> float | None:
        """How many stand on a level or above it, unless one of these counts is withheld.

        For words, never printed.
        """
        counts = [number.value for number in self.now[: TOP - level + 1]]
        return None if None in counts else sum(count or 0.0 for count in counts)

    @property
    def mean(self) -> float | None:
        """The mean level, unless a count is withheld; for comparing questions, never printed."""
        if any(number.value is None for number in self.now):
            return None
        pairs = zip(range(TOP, BOTTOM - 1, -1), self.now, strict=True)
        return sum(level * (number.value or 0.0) for level, number in pairs) / self.answered


def count_levels(season: Season, question: str) -> Counts:
    """Count the clusters on each level, and those of the edition before where there is one."""
    levels = range(TOP, BOTTOM - 1, -1)
    ids = [f"all.{question}.count.{level}" for level in levels]
    first = season.find(ids[0])
    former = tuple(_print_before(season, number_id) for number_id in ids)
    return Counts(
        question,
        tuple(season.number(number_id, COUNT) for number_id in ids),
        former if any(former) else (),
        answered=(first.n or 0) if first else 0,
        of=len(season.edition.clusters),
    )


def _print_before(season: Season, number_id: str) -> Number | None:
    """A count of the edition before, if anybody answered there."""
    found = season.before.get(number_id)
    if found is None or found.number is None or not found.n:
        return None
    number = Number(
        text=season.print_number(found.number, COUNT),
        value=found.number,
        id=f"{season.edition.previous}:{number_id}",
        source=f"{found.formula}, {season.edition.year - 1}",
    )
    return query_number(number) if found.is_queried else number


def plot_levels(
    season: Season, question: str, rung: Rung, *, figure_id: str, pillar: str, half: bool = True
) -> Figure | Prose:
    """Plot one ladder. The title says how many stand on the given rung or above it."""
    counts = count_levels(season, question)
    asked = season.framework.questions[question]
    if not counts.answered:
        return write_absence(f"No cluster answered: {asked.text}")
    labels = [f"{step.level} {step.label}" for step in reversed(asked.rubric)]
    ladder = _make_ladder(counts, labels, asked.text)
    years = (str(season.edition.year), str(season.edition.year - 1))
    return Figure(
        id=figure_id,
        title=_title_rung(counts, rung),
        svg=draw_ladder(ladder, colour=PILLARS[pillar], years=years),
        alt=_describe(ladder, years),
        grid=_list_counts(labels, counts, years),
        unit="clusters at each level",
        source=_name_source(counts, years),
        notes=list_marks(list(zip(labels, counts.now, strict=True))),
        n=counts.answered,
        of=counts.of,
        pillar=pillar,
        half=half,
    )  # fmt: skip


def _title_rung(counts: Counts, rung: Rung) -> str:
    count = counts.at_least(rung.level)
    if count is None:
        return "Some counts are withheld to protect respondents"
    return say_how_many(
        count, counts.answered, "answering cluster", has=rung.has, have=rung.have
    )  # fmt: skip


def plot_level_columns(
    season: Season, questions: dict[str, str], *, figure_id: str, title: str, pillar: str
) -> Figure | Prose:
    """Plot the levels of several questions side by side.

    Parameters
    ----------
    questions
        Code of each question, and what it is about in a word or two.
    """
    columns = {code: count_levels(season, code) for code in questions}
    if not any(counts.answered for counts in columns.values()):
        return write_absence("No cluster said how far the rules cover what its levers need.")
    labels = ["4 No gap left", "3", "2", "1", "0 Blocked"]
    ladders = [
        _make_ladder(counts, labels, questions[code], missing=f"{counts.of - counts.answered} n/a")
        for code, counts in columns.items()
    ]
    draw = partial(draw_ladders, ladders, colour=PILLARS[pillar])
    return Figure(
        id=figure_id,
        title=title,
        svg=draw(),
        narrow=draw(width=HALF_MM),
        alt="Bars for levels 4 to 0. " + " ".join(_describe_column(ladder) for ladder in ladders),
        grid=Grid(
            columns=(
                TableColumn(name="level", label="Level", width=1.4),
                *(
                    TableColumn(name=code.lower(), label=word, align="right")
                    for code, word in questions.items()
                ),
            ),
            rows=tuple(
                (label, *(counts.now[i] for counts in columns.values()))
                for i, label in enumerate(labels)
            ),
        ),
        unit="clusters at each level",
        source=f"Survey, questions {', '.join(questions)}; "
        "n/a: not applicable to the cluster, or not answered.",
        n=max(counts.answered for counts in columns.values()),
        of=len(season.edition.clusters),
        pillar=pillar,
    )


def _make_ladder(
    counts: Counts, labels: list[str], title: str, *, missing: str | None = None
) -> Ladder:
    before: list[Amount | None] = [to_amount(n) if n else None for n in counts.before]
    silent = counts.of - counts.answered
    return Ladder(
        title,
        tuple(
            Step(label, Amount(now.value, now.text or word_for_mark(now)), former)
            for label, now, former in zip(
                labels, counts.now, before or [None] * len(labels), strict=True
            )
        ),
        missing=(missing if missing is not None else f"{silent} not answered") if silent else "",
    )


def _describe(ladder: Ladder, years: tuple[str, str]) -> str:
    told = "; ".join(
        f"level {s.label} {s.now.text}{f' ({years[1]}: {s.before.text})' if s.before else ''}"
        for s in ladder.steps
    )
    return f"A ladder of five levels with the number of clusters on each in {years[0]}: {told}."


def _describe_column(ladder: Ladder) -> str:
    return f"{ladder.title}: {', '.join(step.now.text for step in ladder.steps)}."


def _list_counts(labels: list[str], counts: Counts, years: tuple[str, str]) -> Grid:
    columns = [
        TableColumn(name="level", label="Level", width=2),
        TableColumn(name="now", label=years[0], unit="clusters", align="right"),
    ]
    rows: list[tuple[Cell, ...]] = list(zip(labels, counts.now, strict=True))
    if counts.before:
        columns.append(TableColumn(name="before", label=years[1], unit="clusters", align="right"))
        rows = [(*row, number or "") for row, number in zip(rows, counts.before, strict=True)]
    return Grid(columns=tuple(columns), rows=tuple(rows))


def _name_source(counts: Counts, years: tuple[str, str]) -> str:
    if not counts.before:
        return f"Survey, question {counts.question}."
    if None in counts.before:
        return f"Survey, question {counts.question}; tick: {years[1]}, where it is not withheld."
    former = sum(int(n.value or 0) for n in counts.before if n)
    clusters = count_things(former, "cluster")
    return f"Survey, question {counts.question}; tick: {years[1]}, when {clusters} answered."
