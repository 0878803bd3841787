"""The score of a pillar: weighted mean of what is answered, with coverage and interval."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from annual_report.framework import Indicator, Pillar
from annual_report.measures.indicators.calculation import Context, Result
from annual_report.measures.indicators.uncertainty import Scored, draw_interval
from annual_report.measures.measure import Measure

SCORE = "weighted mean of clipped shares"
COVERAGE = "answered weight ÷ total weight"
INTERVAL = "5–95 % of seeded draws"


def is_scored(result: Result) -> bool:
    """Whether a result enters its cluster's own score.

    What a respondent released for totals only must not be read off a published score: it counts
    as unanswered there.
    """
    return result.share is not None and result.consent == "publish"


def clip_share(share: float) -> float:
    """A share between 0 and 1, as a score takes it."""
    return min(1.0, max(0.0, share))


def compute_pillar(
    pillar: Pillar, results: Mapping[str, Result], *, cluster: str, context: Context
) -> Iterator[Measure]:
    """Yield score, coverage and interval of one pillar of one cluster.

    ``score = 100 · Σ w·s / Σ w`` over the answered indicators, ``s`` the share clipped to 0…1;
    coverage is the answered weight over the total weight. An indicator that the cluster marked not
    applicable leaves its weight out of both. Below the edition's threshold there is
    no score and no interval, only a text that says how many were answered.
    """
    scored = [
        i
        for i in context.framework.indicators_of(pillar.code, scored=True)
        if results[i.code].applicable
    ]
    answered = [i for i in scored if is_scored(results[i.code])]
    weight = sum(i.weight for i in answered)
    total = sum(i.weight for i in scored)
    coverage = weight / total if total else 0.0
    inputs = tuple(f"{cluster}.{i.code}.share" for i in answered)

    def measure(name: str, number: float | None, unit: str, **rest: object) -> Measure:
        return Measure(
            edition=context.edition.edition, cluster=cluster, code=pillar.code, measure=name,
            pillar=pillar.code, number=number, unit=unit, year=context.edition.year,
            n=len(answered), of=len(scored), inputs=inputs, **rest,  # type: ignore[arg-type]
        )  # fmt: skip

    yield measure(
        "coverage", coverage, "share", method=COVERAGE,
        formula=f"weight {weight:g} of {total:g} answered",
    )  # fmt: skip
    if coverage < context.edition.rules.coverage_threshold - 1e-12:
        words = f"not enough answered ({len(answered)} of {len(scored)})"
        for name in ("score", "low", "high"):
            yield measure(
                name, None, "points", method=SCORE if name == "score" else INTERVAL,
                text=words, formula=words,
            )  # fmt: skip
        return
    score = 100 * sum(i.weight * _share(results[i.code]) for i in answered) / weight
    yield measure(
        "score", score, "points", method=SCORE,
        formula=f"100 × ({_spell(answered, results)}) ÷ {weight:g}",
    )  # fmt: skip
    interval = draw_interval(
        [_to_scored(i, results[i.code]) for i in answered],
        draws=context.edition.rules.uncertainty_draws,
        seed=context.edition.rules.uncertainty_seed,
        key=(cluster, pillar.code),
    )
    for name, number in (("low", interval.low), ("high", interval.high)):
        yield measure(
            name, number, "points", method=INTERVAL,
            formula=f"{context.edition.rules.uncertainty_draws:,} draws around {score:.1f}",
        )  # fmt: skip


def _share(result: Result) -> float:
    assert result.share is not None
    return clip_share(result.share)


def _spell(answered: list[Indicator], results: Mapping[str, Result]) -> str:
    return " + ".join(f"{i.weight:g} × {_share(results[i.code]):.4g}" for i in answered)


def _to_scored(indicator: Indicator, result: Result) -> Scored:
    elapsed = result.progress.elapsed if result.progress else None
    assert result.share is not None
    return Scored(code=indicator.code, weight=indicator.weight, share=result.share, elapsed=elapsed)
