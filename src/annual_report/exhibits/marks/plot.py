"""seaborn's plot as the report uses it, and bars that begin where the one before ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import seaborn.objects as so


class Plot(so.Plot):  # type: ignore[misc]  # seaborn has no types
    """seaborn's plot, but that a layer with data of its own is drawn from those data.

    seaborn takes x, y and facets of such a layer from the plot's first frame, by row index, unless
    the layer names them again: which draws, without a word, something else than was meant. A layer
    whose own data are empty is left out, where seaborn's moves fail.
    """

    def _clone(self) -> Plot:
        new = super()._clone()  # of seaborn's own class, whatever ours is
        new.__class__ = Plot
        return new  # type: ignore[no-any-return]

    def _plot(self, pyplot: bool = False) -> Any:
        shared = {**self._data.source_vars, **self._facet_spec.get("variables", {})}
        drawn = [y for y in self._layers if y["source"] is None or len(y["source"])]
        self._layers[:] = drawn
        for layer in self._layers:
            if layer["source"] is not None:
                own = {k: v if v in layer["source"] else None for k, v in shared.items()}
                layer["vars"] = {**own, **layer["vars"]}
        return super()._plot(pyplot)


@dataclass
class Cascade(so.Move):  # type: ignore[misc]  # seaborn has no types
    """Begin each bar where the one before it ended, over all rows: a waterfall."""

    def __call__(self, data: Any, groupby: Any, orient: str, scales: Any) -> Any:
        value = {"x": "y", "y": "x"}[orient]
        ordered = data.sort_values(orient, kind="stable")
        ends = ordered[value].fillna(0.0).cumsum()
        return ordered.assign(**{value: ends, "baseline": ends - ordered[value]})
