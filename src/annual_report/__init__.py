"""From a season of Excel survey returns to one trustworthy annual report."""
