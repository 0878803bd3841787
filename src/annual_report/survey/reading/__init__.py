"""From cells to typed answers."""
