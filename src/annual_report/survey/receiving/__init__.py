"""Returned files: containers looked through, and parsed in a process of their own."""
