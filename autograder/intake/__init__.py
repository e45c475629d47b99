"""What students handed in, read with care: nothing in it is trusted, and nothing in it stops the batch."""

from autograder.intake.answers import Answers, read_answers
from autograder.intake.folder import Intake, Problem, collect
from autograder.intake.roster import Person

__all__ = ["Answers", "Intake", "Person", "Problem", "collect", "read_answers"]
