"""Answers held against each other, the edition before and what is plausible."""
