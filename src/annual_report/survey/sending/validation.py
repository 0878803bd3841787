"""Drop-down lists, ranges and the words that Excel shows beside a cell."""

from __future__ import annotations

from typing import Literal

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from annual_report.framework.model import Field_
from annual_report.survey.form.layout import takes_unit
from annual_report.survey.form.lists import list_name

# What Excel takes in the boxes of an input or error message
_TITLE, _TEXT = 32, 250

_SIBLING_HELP = {
    "unit": "Choose the unit of your figures. Baseline and target use the same unit.",
    "currency": "Choose the currency of the amount (ISO code, such as EUR).",
    "basis": "Say how you know: measured, estimated, or a target only.",
    "consent": "publish: may be shown with your name. aggregate only: counts in totals, never "
    "shown alone. do not use: kept out of the report.",
}


def add_validation(
    ws: Worksheet, cells: str, item: Field_, field: str, *, kind: str, title: str
) -> None:
    """Give a cell, or a column of a table, its list or range and its messages."""
    rule = _rule(cells.partition(":")[0], item, field, kind=kind)
    guidance = getattr(item, "guidance", "") if field == getattr(item, "name", None) else ""
    if rule is None and guidance:
        rule = DataValidation()  # it allows everything and only shows its words
    if rule is None:
        return
    if guidance:
        rule.prompt = f"{guidance} {rule.prompt or ''}".strip()
    rule.allow_blank = True
    rule.promptTitle, rule.errorTitle = title[:_TITLE], "This answer is not understood"
    rule.prompt = rule.prompt[:_TEXT] if rule.prompt else None
    rule.error = rule.error[:_TEXT] if rule.error else None
    rule.showInputMessage = rule.showErrorMessage = True
    rule.add(cells)
    ws.add_data_validation(rule)


def _rule(cell: str, item: Field_, field: str, *, kind: str) -> DataValidation | None:
    name = list_name(item, field)
    if name is not None and (field in _SIBLING_HELP or kind in ("choice", "yes_no", "level")):
        return _list_rule(name, field)
    if kind == "year":
        return _number_rule(cell, whole=True, low=1900, high=2200, prompt="A year, such as 2030.")
    if kind == "date":
        return _date_rule(cell)
    if kind in ("number", "money", "percent"):
        return _range_rule(cell, item, kind)
    return None


def _list_rule(name: str, field: str) -> DataValidation:
    rule = DataValidation(type="list", formula1=f"=list_{name}")
    rule.prompt = _SIBLING_HELP.get(field, "Choose one entry of the list.")
    # a currency or unit that the list lacks is a matter for a query, not a locked door
    rule.errorStyle = "warning" if field in ("unit", "currency") else "stop"
    rule.error = "Please choose one of the entries of the list: click the arrow beside the cell."
    return rule


def _range_rule(cell: str, item: Field_, kind: str) -> DataValidation:
    low, high = item.minimum, item.maximum
    if kind == "percent":
        words = "A percentage: type 12% for twelve per cent."
        low = None if low is None else low / 100
        high = None if high is None else high / 100
        return _number_rule(cell, whole=False, low=low, high=high, prompt=words, shown="%")
    if kind == "money":
        words = "The full amount as a number, not in thousands or millions."
    else:
        words = f"A number in {item.unit}." if item.unit not in (None, "count") else "A number."
    if takes_unit(item):
        # the range is in the unit asked for; another one may be chosen beside the cell
        words = "A number; its unit stands beside it."
        low, high = (0 if low is not None and low >= 0 else None), None
    return _number_rule(cell, whole=False, low=low, high=high, prompt=words)


def _number_rule(
    cell: str,
    *,
    whole: bool,
    low: float | None,
    high: float | None,
    prompt: str,
    shown: Literal["g", "%"] = "g",
) -> DataValidation:
    tests = [f"ISNUMBER({cell})"]
    tests += [f"{cell}=INT({cell})"] if whole else []
    tests += [f"{cell}>={low:g}"] if low is not None else []
    tests += [f"{cell}<={high!r}"] if high is not None else []
    # Excel evaluates all arguments of AND: a text in INT() would be an error, hence the IF
    number = f"AND({','.join(tests)})"
    formula = f'IF(ISNUMBER({cell}),{number},LOWER(TRIM({cell}))="n/a")'
    rule = DataValidation(type="custom", formula1=f"={formula}")
    rule.prompt = f"{prompt} If it does not apply to you, type n/a."
    plain = "{:.12g}" if whole else "{:,.12g}"  # a year has no thousands
    spell = plain.format if shown == "g" else "{:.0%}".format
    bounds = [f"at least {spell(low)}"] if low is not None else []
    bounds += [f"at most {spell(high)}"] if high is not None else []
    expected = "a whole number" if whole else "a number" if shown == "g" else "a percentage"
    limits = f", {' and '.join(bounds)}" if bounds else ""
    rule.error = f"Please type {expected}{limits}, without words or signs; or n/a."
    return rule


def _date_rule(cell: str) -> DataValidation:
    rule = DataValidation(type="custom", formula1=f"=ISNUMBER({cell})")
    rule.prompt = "A date, such as 2024-03-31."
    rule.error = "Please type a date with the year first, such as 2024-03-31."
    return rule
