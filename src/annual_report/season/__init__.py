"""The public tables of an edition as an analyst sees them: tidy frames, one number at a time."""
