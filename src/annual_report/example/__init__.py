"""The example: fictional clusters whose returns are written through the real writer."""

from annual_report.example.generator import generate_example

__all__ = ["generate_example"]
