"""Installed banks (entry-point group `quizgen.banks`) -> questions by id: a file being there is its registration."""

from quizgen.bank.fault import FAULTS, told
from quizgen.bank.package import Bank
from quizgen.bank.question import POOL_SECTIONS, Question
from quizgen.bank.shelf import ENTRY_POINTS, Shelf, installed, nearest

__all__ = [
    "ENTRY_POINTS",
    "FAULTS",
    "POOL_SECTIONS",
    "Bank",
    "Question",
    "Shelf",
    "installed",
    "nearest",
    "told",
]
