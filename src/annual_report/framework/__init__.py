"""The questionnaire as data."""

from annual_report.framework.model import (
    Breakdown,
    Check,
    Choice,
    Framework,
    Headline,
    Indicator,
    Level,
    Pillar,
    Question,
    Renamed,
    Section,
    Table,
    TableColumn,
)
from annual_report.framework.reading import read_framework

__all__ = [
    "Breakdown",
    "Check",
    "Choice",
    "Framework",
    "Headline",
    "Indicator",
    "Level",
    "Pillar",
    "Question",
    "Renamed",
    "Section",
    "Table",
    "TableColumn",
    "read_framework",
]
