"""The conformance battery: every promise of every question, checked over many draws."""

from quizgen.battery.conformance import check
from quizgen.battery.report import Report

__all__ = ["Report", "check"]
