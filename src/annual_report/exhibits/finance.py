"""The finance chapter: what the plans cost, what has been found, and which projects are decided."""

from __future__ import annotations

from functools import partial

from annual_report.exhibits.amounts import (
    choose_common_style,
    list_marks,
    place_unit,
    print_amount,
    to_amount,
)
from annual_report.exhibits.canvas import HALF_MM
from annual_report.exhibits.charts import Category
from annual_report.exhibits.charts_bars import Rest, Row, draw_amounts, draw_parts, draw_whole
from annual_report.exhibits.exchange import label_rate, print_rate
from annual_report.exhibits.model import (
    Cell,
    Figure,
    Grid,
    Number,
    Prose,
    Runs,
    Table,
    TableColumn,
)
from annual_report.exhibits.rows import (
    ListedRow,
    label_choice,
    list_rows,
    note_shown,
    print_reported,
)
from annual_report.exhibits.season import Season
from annual_report.exhibits.tokens import TINTS
from annual_report.exhibits.words import (
    capitalise,
    compose,
    count_things,
    describe_share,
    pluralise,
    write_absence,
    write_lead,
)
from annual_report.measures.finance import PAST_FID
from annual_report.measures.totals import WITHHELD
from annual_report.numbers import COUNT, Style

PILLAR = "finance"
STATUSES = ("disbursed", "committed", "announced")
SECTORS = ("public", "private")
CONVERSIONS = 20
_DEEP, _MIDDLE, _LIGHT = TINTS[PILLAR]
_CATEGORIES = tuple(
    Category(status.capitalize(), colour)
    for status, colour in zip(STATUSES, TINTS[PILLAR], strict=True)
)
_MONEY_NOTE = "Converted at the annual average rate of each amount's year."


def tell_finance(season: Season) -> Prose:
    """Say how far the money reaches, what private money stands beside public, what is decided."""
    sentences = [*_tell_secured(season), *_tell_leverage(season), *_tell_decided(season)]
    if not sentences:
        return write_lead(compose("No cluster reported what its plan costs or what it has found."))
    return write_lead(*sentences)


def _tell_secured(season: Season) -> list[Runs]:
    ids = [f"all.funding.{part}" for part in ("needed", "secured", "to-find")]
    style = choose_common_style(season, ids)
    needed, secured, to_find = (print_amount(season, i, style) for i in ids)
    if needed.value is None or secured.value is None:
        return []
    place = place_unit(style)
    told = [compose(f"{place} of the {place} that the plans need are secured.", secured, needed)]
    if to_find.value is not None and to_find.value > 0:
        told.append(compose(f"{place} are still to find.", to_find))
    return told


def _tell_leverage(season: Season) -> list[Runs]:
    ratio = season.number("all.funding.leverage", Style(decimals=2))
    if ratio.value is None:
        return []
    currency = season.edition.currency
    template = f"For each {currency} of public money, {{}} {currency} of private money are secured."
    return [compose(template, ratio)]


def _tell_decided(season: Season) -> list[Runs]:
    past = season.number("all.pipeline.past.count", COUNT)
    count = season.number("all.pipeline.all.count", COUNT)
    if past.value is None or not count.value:
        return []
    verb = "has" if past.value == 1 else "have"
    noun = pluralise(count.value, "project")
    template = f"{{}} of {{}} {noun} of known stage {verb} passed the final investment decision."
    return [compose(template, past, count)]


def plot_needed_secured(season: Season) -> Figure | Prose:
    """One bar for the investment needed: disbursed, committed, announced, still to find."""
    names = ("needed", *STATUSES, "to-find")
    ids = {name: f"all.funding.{name}" for name in names}
    style = choose_common_style(season, ids.values())
    numbers = {name: print_amount(season, i, style) for name, i in ids.items()}
    needed = season.find(ids["needed"])
    if needed is None or not needed.n:
        return write_absence(
            "No cluster reported both the investment that its plan needs and the money it has found."
        )
    if not needed.number or all(numbers[name].value is None for name in STATUSES):
        return write_absence(_say_withheld("money found for the plans", needed.n))
    to_find = numbers["to-find"]
    labels = {"needed": "Needed", "to-find": "Still to find"}
    rows = [(labels.get(name, name.capitalize()), numbers[name]) for name in names]
    whole = f"Needed: {place_unit(style).format(numbers['needed'].text)}"
    draw = partial(
        draw_whole,
        [(c, to_amount(numbers[s])) for c, s in zip(_CATEGORIES, STATUSES, strict=True)],
        Rest(to_amount(to_find), "still to find"),
        whole=to_amount(numbers["needed"]),
        label=whole,
        scale=style.scale,
    )
    return Figure(
        id="needed-secured",
        title=_title_secured(season),
        svg=draw(),
        narrow=draw(width=HALF_MM),
        alt=_describe_whole(rows, style),
        grid=_list_amounts(rows, "Part", style),
        unit=style.unit,
        source=f"Survey, questions FIN-01 and FIN-T1. {_MONEY_NOTE}",
        n=needed.n,
        of=needed.of,
        notes=(*_note_overshoot(to_find), *list_marks(rows)),
        pillar=PILLAR,
    )


def _say_withheld(what: str, n: int) -> str:
    clusters = count_things(n, "cluster")
    return f"{clusters.capitalize()} reported {what}; the sums would give a respondent away."


def _title_secured(season: Season) -> str:
    share = season.value("all.funding.secured-share")
    if share is None:
        return "What the plans need, and what has been found"
    return f"{capitalise(describe_share(share / 100))} of the money needed is secured"


def _describe_whole(rows: list[tuple[str, Number]], style: Style) -> str:
    parts = ", ".join(f"{name.lower()} {n.text}" for name, n in rows[1:] if n.text)
    return f"A bar for {style.unit} {rows[0][1].text} of investment needed, divided into {parts}."


def _note_overshoot(to_find: Number) -> tuple[str, ...]:
    if to_find.value is None or to_find.value >= 0:
        return ()
    return ("More money is announced or secured than the plans say they need.",)


def _list_amounts(rows: list[tuple[str, Number]], label: str, style: Style) -> Grid:
    columns = (
        TableColumn(name="part", label=label, width=2),
        TableColumn(name="amount", label="Amount", unit=style.unit, align="right"),
    )
    return Grid(columns=columns, rows=tuple(rows))


def plot_public_private(season: Season) -> Figure | Prose:
    """Public and private money, each by how far it has come."""
    name = "all.FIN-T1.sector-status"
    ids = [f"{name}.{sector}.{s}" for sector in SECTORS for s in (*STATUSES, "any")]
    whole = season.find(f"{name}.any.any")
    if whole is None or not whole.n:
        return write_absence("No cluster reported public or private money for its plan.")
    if whole.text == WITHHELD and all(season.value(i) is None for i in ids):
        return write_absence(_say_withheld("public and private money", whole.n))
    style = choose_common_style(season, ids)
    table = {
        sector: {s: print_amount(season, f"{name}.{sector}.{s}", style) for s in (*STATUSES, "any")}
        for sector in SECTORS
    }
    rows = [
        Row(
            sector.capitalize(),
            tuple(to_amount(table[sector][s]) for s in STATUSES),
            end=table[sector]["any"].text,
        )
        for sector in SECTORS
    ]
    marked = [(f"{k} {s}", table[k][s]) for k in SECTORS for s in STATUSES]
    draw = partial(draw_parts, rows, _CATEGORIES, labels=18)
    return Figure(
        id="public-private",
        title=_title_sectors(season),
        svg=draw(),
        narrow=draw(width=HALF_MM),
        alt=_describe_sectors(table, style),
        grid=Grid(
            columns=(
                TableColumn(name="sector", label="Money", width=1.5),
                *(
                    TableColumn(name=s, label=s.capitalize(), unit=style.unit, align="right")
                    for s in STATUSES
                ),
                TableColumn(name="total", label="Total", unit=style.unit, align="right"),
            ),
            rows=tuple((k.capitalize(), *table[k].values()) for k in SECTORS),
        ),
        unit=style.unit,
        source=f"Survey, table FIN-T1. {_MONEY_NOTE}",
        n=whole.n,
        of=whole.of,
        notes=list_marks(marked),
        pillar=PILLAR,
    )


def _title_sectors(season: Season) -> str:
    public, private = (season.value(f"all.funding.{s}-secured") for s in SECTORS)
    if not public and not private:
        return "Public and private money, by how far it has come"
    if not private:
        return "All secured money is public" if private == 0 else "Public money is secured"
    if not public:
        return "All secured money is private" if public == 0 else "Private money is secured"
    if private == public:
        return "Public and private money secured are equal"
    more, less = ("private", "public") if private > public else ("public", "private")
    return f"More {more} than {less} money is secured"


def _describe_sectors(table: dict[str, dict[str, Number]], style: Style) -> str:
    told = "; ".join(
        f"{sector} "
        + ", ".join(f"{s} {n.text}" for s, n in numbers.items() if n.text and s != "any")
        for sector, numbers in table.items()
        if any(n.text for n in numbers.values())
    )
    return f"Two bars, public and private money in {style.unit}: {told}."


def plot_capex_stages(season: Season) -> Figure | Prose:
    """Capital cost of projects at each stage, with the investment decision between them."""
    name = "all.TEC-T1.lever-stage-capex.any"
    stages = [c.code for c in season.framework.choices["stages"]]
    ids = [f"{name}.{stage}" for stage in stages]
    whole = season.find(f"{name}.any")
    if whole is None or not whole.n:
        return write_absence("No cluster reported what its projects cost.")
    if all(season.value(i) is None for i in ids):
        return write_absence(_say_withheld("what projects cost", whole.n))
    style = choose_common_style(season, ids)
    numbers = {stage: print_amount(season, f"{name}.{stage}", style) for stage in stages}
    rows = [(label_choice(season, "stages", s), n) for s, n in numbers.items()]
    before = sum(stage not in PAST_FID for stage in stages)
    draw = partial(
        draw_amounts,
        [Row(label, (to_amount(n),), end=n.text or _mark_word(n)) for label, n in rows],
        colours=[_DEEP if stage in PAST_FID else _LIGHT for stage in stages],
        divide_after=before,
        divider="Final investment decision",
    )
    return Figure(
        id="capex-stages",
        title=_title_capex(season),
        svg=draw(),
        narrow=draw(width=HALF_MM),
        alt=f"Six bars, capital cost of projects in {style.unit} by stage, the first three before "
        "the final investment decision: "
        + ", ".join(f"{label.lower()} {n.text}" for label, n in rows if n.text)
        + ".",
        grid=_list_amounts(rows, "Stage", style),
        unit=style.unit,
        source=f"Survey, table TEC-T1; at average rates of {season.edition.currency_year}.",
        n=whole.n,
        of=whole.of,
        notes=list_marks(rows),
        pillar=PILLAR,
    )


def _mark_word(number: Number) -> str:
    return "withheld" if number.mark == "withheld" else "none reported"


def _title_capex(season: Season) -> str:
    share = season.value("all.pipeline.past-share.capex")
    if share is None:
        return "Capital cost of projects, by stage"
    return f"{capitalise(describe_share(share / 100))} of project cost is decided"


def show_conversions(season: Season) -> Table | Prose:
    """Amounts in other currencies as reported, and the rate that converted each."""
    home = season.edition.currency
    listing = list_rows(season, "FIN-T1")
    foreign = [
        row
        for row in listing.rows
        if "amount" in row.numbers and row.numbers["amount"].unit != home
    ]
    if not foreign:
        return write_absence(f"No cluster reported money in another currency than {home}.")
    largest = sorted(foreign, key=lambda row: -(season.value(row.address("amount")) or 0.0))
    shown = largest[:CONVERSIONS]
    money = choose_common_style(season, [row.address("amount") for row in shown])
    return Table(
        id="conversions",
        title=_title_conversions(season, len(foreign)),
        grid=Grid(
            columns=(
                TableColumn(name="source", label="Source", width=2.2),
                TableColumn(name="cluster", label="Cluster", width=1.7),
                TableColumn(name="status", label="Status", width=1.2),
                TableColumn(name="reported", label="As reported", align="right", width=1.8),
                TableColumn(name="year", label="Year", align="right", width=0.7),
                TableColumn(
                    name="rate", label="Rate", unit=label_rate(season), align="right", width=0.9
                ),
                TableColumn(name="amount", label="Converted", unit=money.unit, align="right"),
            ),
            rows=tuple(_list_conversion(season, row, money) for row in shown),
        ),
        source="Survey, table FIN-T1; annual averages of daily reference rates, European Central Bank "
        "or as the source of the rate says.",
        n=len({row.cluster for row in foreign}),
        of=len(season.edition.clusters),
        notes=tuple(
            filter(None, (note_shown(season, len(shown), len(foreign), "amounts"), listing.note))
        ),
        pillar=PILLAR,
    )


def _title_conversions(season: Season, count: int) -> str:
    if count == 1:
        return "One amount is in another currency, converted here"
    return f"{season.count(count).text} amounts are in other currencies, converted here"


def _list_conversion(season: Season, row: ListedRow, money: Style) -> tuple[Cell, ...]:
    reported = row.numbers["amount"]
    converted = season.find(row.address("amount"))
    printed = print_reported(season, reported)
    amount = printed.model_copy(update={"text": f"{reported.unit}\u00a0{printed.text}"})
    year = converted.year if converted else None
    return (
        row.text("source") or row.text("project") or "Source not given",
        season.name_of(row.cluster),
        label_choice(season, "funding_statuses", row.text("status")),
        amount,
        str(year) if year else "",
        print_rate(season, reported.unit, year)
        if converted and year and converted.number is not None
        else Number(text="", mark="missing", source="no rate for that year"),
        print_amount(season, row.address("amount"), money),
    )
