"""The questionnaire as data."""

from annual_report.framework.model import (
    Check,
    Choice,
    Framework,
    Headline,
    Indicator,
    Level,
    Pillar,
    Question,
    Section,
    Table,
    TableColumn,
)
from annual_report.framework.reading import read_framework

__all__ = [
    "Check",
    "Choice",
    "Framework",
    "Headline",
    "Indicator",
    "Level",
    "Pillar",
    "Question",
    "Section",
    "Table",
    "TableColumn",
    "read_framework",
]
