"""The report's own plot, where seaborn's would draw something else or nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import seaborn as sns
import seaborn.objects as so
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from annual_report.exhibits.look.theme import dress_seaborn
from annual_report.exhibits.look.tokens import compute_contrast
from annual_report.exhibits.marks.bars import bar
from annual_report.exhibits.marks.plot import Plot


def test_a_layer_without_data_of_its_own_to_draw_is_left_out() -> None:
    frame = pd.DataFrame({"x": [1.0, 2.0], "y": ["a", "b"], "of": ["left", "left"]})
    canvas = Figure()
    plot = Plot(frame, x="x", y="y", color="of").add(bar(), so.Stack())
    plot.add(bar(), so.Stack(), data=frame.head(0)).on(canvas).plot()
    assert len(canvas.axes[0].patches) == 2


def test_the_numbers_of_a_heat_map_can_be_read() -> None:
    axes = Figure().subplots()
    with dress_seaborn():
        sns.heatmap(np.linspace(0, 1, 40).reshape(4, 10), annot=True, cbar=False, ax=axes)
    fields = axes.collections[0].get_facecolor()
    for text, field in zip(axes.texts, fields, strict=True):
        assert compute_contrast(to_hex(text.get_color()), to_hex(field)) >= 3.8
