"""The words by which a workbook that went back is known again; light, for the worker too."""

from __future__ import annotations

import re

# The sheet before the others, and its column for answers
QUERIES, REPLY = "Queries", "Your reply"
# How the second line of a query begins, in the comment of its cell
TO_DO = "What you can do: "

_QUERY = re.compile(r"(?:\A|\n\n)Query \d+: [^\n]*(?:\n" + TO_DO + r"[^\n]*)?")


def strip_queries(comment: str) -> str:
    r"""What a respondent wrote into a comment, without the queries that we had put there.

    Examples
    --------
    >>> strip_queries("Counted twice.\n\nQuery 3: Is it twelve?\nWhat you can do: Look again.")
    'Counted twice.'
    """
    return _QUERY.sub("", comment).strip()
