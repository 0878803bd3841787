"""Which file is whose, and what became of each return."""
