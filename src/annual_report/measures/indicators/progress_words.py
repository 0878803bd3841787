"""A verdict's formulas with their numbers filled in, as the lineage of a number shows them."""

from __future__ import annotations

from annual_report.measures.indicators.progress import Progress


def spell_elapsed(progress: Progress) -> str:
    """The share of time elapsed with its years filled in; the reason where one is missing.

    Examples
    --------
    >>> from annual_report.measures.indicators.progress import Trajectory, judge_progress
    >>> spell_elapsed(judge_progress(Trajectory(16, 14, 7.2, 2015, 2023, 2030)))
    '(2023 − 2015) ÷ (2030 − 2015)'
    """
    t = progress.trajectory
    if progress.elapsed is None:
        return progress.reason or "a year is missing"
    return f"({t.year} − {t.baseline_year}) ÷ ({t.target_year} − {t.baseline_year})"


def spell_pace(progress: Progress) -> str:
    """The linear method's acceleration factor with its numbers filled in, or why there is none.

    Examples
    --------
    >>> from annual_report.measures.indicators.progress import Trajectory, judge_progress
    >>> spell_pace(judge_progress(Trajectory(16, 14, 7.2, 2015, 2023, 2030)))
    '((7.2 − 14) ÷ (2030 − 2023)) ÷ ((14 − 16) ÷ (2023 − 2015))'
    """
    if progress.factor is None:
        return spell_change(progress, needed=True)
    needed, so_far = (spell_change(progress, needed=needed) for needed in (True, False))
    return f"({needed}) ÷ ({so_far})"


def spell_change(progress: Progress, *, needed: bool) -> str:
    """The linear method's change a year, needed or so far, with its numbers filled in.

    Examples
    --------
    >>> from annual_report.measures.indicators.progress import Trajectory, judge_progress
    >>> spell_change(judge_progress(Trajectory(16, 14, 7.2, 2015, 2023, 2030)), needed=True)
    '(7.2 − 14) ÷ (2030 − 2023)'
    """
    t = progress.trajectory
    if progress.reason is not None:
        return progress.reason
    if not needed:
        return f"({t.current:,.10g} − {t.baseline:,.10g}) ÷ ({t.year} − {t.baseline_year})"
    if progress.required is None:
        return f"{t.current:,.10g} against the target {t.target:,.10g}"
    return f"({t.target:,.10g} − {t.current:,.10g}) ÷ ({t.target_year} − {t.year})"
