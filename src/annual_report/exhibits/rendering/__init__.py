"""Exhibits as HTML and as Typst."""
