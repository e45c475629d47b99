"""What students handed in, read with care: nothing in it is trusted, and nothing in it stops the batch."""

from autograder.intake.answers import Answers, read_answers
from autograder.intake.folder import Intake, Problem, collect

__all__ = ["Answers", "Intake", "Problem", "collect", "read_answers"]
