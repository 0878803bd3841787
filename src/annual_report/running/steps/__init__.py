"""The steps of a run: what each needs, reads and leaves, and who runs it."""
