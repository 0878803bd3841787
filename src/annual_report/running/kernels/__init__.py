"""Notebooks on kernels that are forked from a warm parent."""
