"""What a notebook shows: figures, tables and text, each with its source."""

from annual_report.exhibits.season import Season, read_season

__all__ = ["Season", "read_season"]
