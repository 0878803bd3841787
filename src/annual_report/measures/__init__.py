"""From answers to measures: units, money, the four pillars, progress, totals, disclosure."""
