"""What goes out: blank and prefilled workbooks, and queries in returned ones."""
