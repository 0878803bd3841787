"""The measures over all clusters."""
