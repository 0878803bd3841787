"""The measures of one cluster."""
