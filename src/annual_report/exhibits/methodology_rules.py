"""How answers become scores and totals: the rules with the constants that the code uses."""

from __future__ import annotations

from fractions import Fraction

from annual_report.exhibits.exchange import label_rate, print_rate
from annual_report.exhibits.model import Grid, Prose, Runs, Span, Table, TableColumn
from annual_report.exhibits.season import Season
from annual_report.exhibits.words import compose, count_things, join_words, write_text
from annual_report.measures.measure import ALL
from annual_report.measures.uncertainty import HIGH, HIGHEST_FACTOR, LOW, LOWEST_FACTOR
from annual_report.numbers import format_count, format_in_full, format_year
from annual_report.tables import MEASURES, read_table
from annual_report.units import UNITS

_OTHERS = "other currencies"


def show_progress(season: Season) -> Prose:
    """Explain achieved share, time elapsed, change a year and acceleration factor."""
    return write_text(
        _define("Achieved share", "(current − baseline) ÷ (target − baseline). It may be negative "
                "or above 1 and is shown as it is; only inside a score it is cut to 0…1."),
        _define("Time elapsed", "(year of the current value − year of the baseline) ÷ (year of the "
                "target − year of the baseline)."),
        _define("Acceleration factor", "the change a year that is needed from now on, (target − "
                "current) ÷ (target year − current year), over the change a year so far, (current − "
                "baseline) ÷ (current year − baseline year). A factor of 2 means: twice as fast as "
                "so far. A cluster that is exactly on its straight path is on track."),
        _define("Levels", "a maturity level from 0 to 4 counts as its quarter: level ÷ 4."),
    )  # fmt: skip


def show_scores(season: Season) -> Prose:
    """Explain score, coverage and interval, with this edition's constants."""
    rules = season.edition.rules
    threshold = Fraction(rules.coverage_threshold).limit_denominator(12)
    spread = f"{format_in_full(LOWEST_FACTOR)} and {format_in_full(HIGHEST_FACTOR)}"
    return write_text(
        _define("Score of a pillar", "100 × sum of weight × share ÷ sum of weights, over the "
                "indicators that are answered and may be published. A missing answer is never zero "
                "and never estimated: its weight is left out. An indicator that does not apply to a "
                "cluster is left out of both sums."),
        _define("Coverage", f"answered weight ÷ total weight. Below {threshold} there is no score: "
                "the report says “not enough answered”."),
        _define("Interval", f"the middle {format_count(100 * (HIGH - LOW))} % of {season.count(rules.uncertainty_draws).text} scores, each "
                f"with every weight multiplied by a random number between {spread}, with each "
                "indicator left out in turn, and with shares either as they are or divided by the "
                "time elapsed. The random numbers have a fixed seed. Two clusters, or two years, are "
                "called different only where their intervals do not overlap."),
        _define("Peers", "medians and quartiles over all clusters with a published score. Below "
                f"{rules.minimum_for_quartiles} scores no quartile is printed. Clusters stand in "
                "alphabetical order; there is no ranking."),
    )  # fmt: skip


def show_totals(season: Season) -> Prose:
    """Explain totals, cohorts and what is withheld, without the values that would undo it."""
    return write_text(
        _define("Totals", "each says how many clusters it adds up, of how many on the register. "
                "Nothing is filled in for those that did not answer."),
        _define("Constant cohort", "a change between editions is shown over the clusters that "
                "published a value in both, beside the total of all that answered."),
        _define("Consent", "each answer is for publication, for totals only, or not to be used. An "
                "answer for totals only never stands alone and never enters a published score."),
        _define("Withheld", "a total is withheld where few clusters stand behind it, or where the "
                "largest could be guessed closely by another; and so is whatever would give it back "
                "by subtraction: rows against totals, one name of a sum against another, and this year "
                "against last year. What is "
                "withheld is marked and never left blank."),
    )  # fmt: skip


def _define(term: str, words: str) -> Runs:
    return (Span(text=f"{term}: ", strong=True), Span(text=words))


def show_money(season: Season) -> Prose:
    """Explain how amounts become the edition's currency."""
    edition = season.edition
    return write_text(
        compose(
            "Amounts are kept as reported and converted into "
            f"{edition.currency} at the average of the reference rates of the year they name; "
            f"amounts without a year of their own, and those planned for later years, at that of "
            f"{edition.currency_year}. Where a year has no rate the amount is not converted, and "
            "the chapter on data quality says so: no neighbour year's rate is used."
        )
    )


def show_rates(season: Season) -> Table | None:
    """List the exchange rates behind this edition's numbers; None where nothing was converted."""
    keys = _find_rates(season)
    currencies = sorted({currency for currency, _ in keys} - {season.edition.currency})
    if not currencies:
        return None
    years = sorted({year for _, year in keys})
    return Table(
        id="rates",
        title=f"Amounts came in {count_things(len(currencies), 'other currency', _OTHERS)}",
        unit=label_rate(season),
        source="Annual averages; their sources are in data/reference and in the data annex.",
        sortable=False,
        grid=Grid(
            columns=(
                TableColumn(name="currency", label="Currency"),
                *(TableColumn(name=f"y{y}", label=format_year(y), align="right") for y in years),
            ),
            rows=tuple(
                (c, *(print_rate(season, c, y) if (c, y) in keys else "" for y in years))
                for c in currencies
            ),
        ),
    )


def _find_rates(season: Season) -> list[tuple[str, int]]:
    folder = season.project.processed(season.edition.edition) / "measures"
    paths = [folder / f"{cluster.id}.parquet" for cluster in season.answered]
    frame = read_table([p for p in paths if p.is_file()], MEASURES, columns=("cluster", "inputs"))
    own = frame.loc[frame["cluster"] != ALL, "inputs"]
    found = {i for inputs in own for i in inputs if str(i).startswith("rate.")}
    split = (str(i).split(".") for i in found)
    return sorted((currency, int(year)) for _, currency, year in split)


def show_units(season: Season) -> Table:
    """List the units that returns may use, by what they measure."""
    dimensions = dict.fromkeys(unit.dimension for unit in UNITS)
    rows = tuple(
        (
            dimension.capitalize(),
            join_words([unit.code for unit in UNITS if unit.dimension == dimension]),
        )
        for dimension in dimensions
    )
    return Table(
        id="units",
        title="Units that are understood, and no others",
        source="An unknown unit is asked back, never guessed.",
        sortable=False,
        grid=Grid(
            columns=(
                TableColumn(name="dimension", label="What is measured", width=1.2),
                TableColumn(name="units", label="Units", width=3),
            ),
            rows=rows,
        ),
    )
