"""The intervals of a whole report: 1,000 draws for 20 clusters × 4 pillars in under half a second."""

import numpy as np
import pandas as pd

from annual_report.measures.indicators.uncertainty import draw_intervals


def make_table() -> pd.DataFrame:
    rng = np.random.default_rng(2023)
    rows = [
        (f"c{c}", f"p{p}", f"i{i}", rng.uniform(5, 30), rng.uniform(-0.2, 1.2), rng.uniform(0.2, 1))
        for c in range(20)
        for p in range(4)
        for i in range(8)
    ]
    return pd.DataFrame(rows, columns=["cluster", "pillar", "code", "weight", "share", "elapsed"])


def test_intervals_of_twenty_clusters(benchmark):
    table = make_table()
    found = benchmark(draw_intervals, table, draws=1000, seed=2023)
    assert len(found) == 80
    assert benchmark.disabled or benchmark.stats["median"] < 0.5
