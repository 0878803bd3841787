"""What was found in a return: its kind, its words, what helps."""
