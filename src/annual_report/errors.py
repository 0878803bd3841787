"""What a program or an author did wrong.

What a respondent did is a finding (:mod:`annual_report.survey.findings.finding`), never one of these::

    AnnualReportError          exit code 2
    ├── ProjectError           no project folder here, or a folder of it is missing
    ├── EditionError           an edition, its register or its rules
    ├── FrameworkError         the questionnaire: an unknown key, a weight, a missing question
    ├── CorrectionError        a correction whose expected value is no longer there
    ├── TableError             a table on disk that breaks its contract
    ├── MeasureError           a calculation that was asked for something undefined
    │   ├── UnitError          a unit that the table of units does not know
    │   ├── RateError          no exchange rate or deflator for that currency and year
    │   └── DisclosureError    a withheld value that the published ones give away
    ├── StorageError           an address that returns come from or results go to
    ├── ExhibitError           an exhibit without title, source or alternative text
    ├── PublishingError        a report that cannot be rendered
    └── RunError               a plan, a kernel or an executor
        └── NotebookError      a notebook that failed; exit code 3, others go on
"""

from __future__ import annotations

from annual_report.redaction import hide_secrets


class AnnualReportError(Exception):
    """Something we or the author did wrong, told in one message.

    Parameters
    ----------
    what
        What went wrong, one sentence without a full stop.
    where
        File and line, key, notebook cell, or number id.
    expected, found
        What should have been there and what was.
    do
        What to do about it.
    """

    exit_code = 2
    stops_run = False  # whether it makes every page wrong, and not only those of one cluster

    def __init__(
        self,
        what: str,
        *,
        where: str | None = None,
        expected: str | None = None,
        found: str | None = None,
        do: str | None = None,
    ) -> None:
        self.what = what
        self.where = where
        self.expected = expected
        self.found = found
        self.do = do
        super().__init__(what)

    def __str__(self) -> str:
        parts = [f"{self.where}: {self.what}" if self.where else self.what]
        parts += [
            f"{label}: {text}"
            for label, text in (
                ("expected", self.expected),
                ("found", self.found),
                ("what to do", self.do),
            )
            if text
        ]
        return hide_secrets("; ".join(parts))

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way between processes, keyword arguments and all."""
        return _rebuild, (type(self), self.__dict__.copy())


def _rebuild(kind: type[AnnualReportError], state: dict[str, object]) -> AnnualReportError:
    error = kind.__new__(kind)
    error.__dict__.update(state)
    error.args = (state["what"],)
    return error


class ProjectError(AnnualReportError):
    """No project folder here, or a folder of it is missing."""


class EditionError(AnnualReportError):
    """An edition, its register or its rules."""

    stops_run = True


class FrameworkError(AnnualReportError):
    """The questionnaire: an unknown key, a weight, an indicator without a question."""

    stops_run = True


class CorrectionError(AnnualReportError):
    """A correction whose expected value is no longer in the return."""

    stops_run = True


class TableError(AnnualReportError):
    """A table on disk that breaks its contract."""


class MeasureError(AnnualReportError):
    """A calculation that was asked for something undefined."""


class UnitError(MeasureError):
    """A unit that the table of units does not know, or of another dimension."""


class RateError(MeasureError):
    """No exchange rate or deflator for that currency and year."""


class DisclosureError(MeasureError):
    """A withheld value that the published ones give away."""

    stops_run = True


class StorageError(AnnualReportError):
    """An address cannot be used, or what is there cannot be read or written."""


class ExhibitError(AnnualReportError):
    """An exhibit without title, source or alternative text."""


class PublishingError(AnnualReportError):
    """A report that cannot be rendered."""


class RunError(AnnualReportError):
    """A plan, a kernel or an executor."""


class NotebookError(RunError):
    """A notebook that failed; the others go on."""

    exit_code = 3
