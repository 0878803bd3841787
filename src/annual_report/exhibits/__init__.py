"""What a notebook shows: figures, tables and text, each with its source."""
