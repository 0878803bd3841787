"""What a set of published totals gives away, and what is withheld against it."""
