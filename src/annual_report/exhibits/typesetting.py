"""The framework's words as a page prints them; the workbook keeps those of a keyboard."""

from __future__ import annotations

import re

from annual_report.framework import Framework

_CO2 = re.compile(r"\bCO2(?=e?\b)")


def typeset(framework: Framework) -> Framework:
    """Give every text of the framework a CO₂ for its CO2; codes and units stay as they are."""
    return Framework.model_validate_json(_CO2.sub("CO₂", framework.model_dump_json()))
