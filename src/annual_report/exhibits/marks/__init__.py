"""What seaborn has no mark for; each is added to a plot as seaborn's own are."""
