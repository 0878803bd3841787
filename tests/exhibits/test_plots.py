"""The report's own plot, where seaborn's would draw something else or nothing."""

from __future__ import annotations

import pandas as pd
import seaborn.objects as so
from matplotlib.figure import Figure

from annual_report.exhibits.marks.bars import bar
from annual_report.exhibits.marks.plot import Plot


def test_a_layer_without_data_of_its_own_to_draw_is_left_out() -> None:
    frame = pd.DataFrame({"x": [1.0, 2.0], "y": ["a", "b"], "of": ["left", "left"]})
    canvas = Figure()
    plot = Plot(frame, x="x", y="y", color="of").add(bar(), so.Stack())
    plot.add(bar(), so.Stack(), data=frame.head(0)).on(canvas).plot()
    assert len(canvas.axes[0].patches) == 2
