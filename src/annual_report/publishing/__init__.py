"""Executed notebooks become one HTML page, one PDF and the data annex."""
