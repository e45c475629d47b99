"""The conformance battery: every promise of every question, checked over many draws."""

from quizgen.battery.conformance import check
from quizgen.battery.report import Report
from quizgen.battery.workers import check_all

__all__ = ["Report", "check", "check_all"]
