"""All that a question file may import: questions, and draws for their givens."""

from quizgen.authoring.code import CodeQuestion
from quizgen.authoring.concept import ConceptQuestion
from quizgen.authoring.draws import decimals, integers, one_of, signs, some_of
from quizgen.authoring.numeric import NumericQuestion

__all__ = [
    "CodeQuestion",
    "ConceptQuestion",
    "NumericQuestion",
    "decimals",
    "integers",
    "one_of",
    "signs",
    "some_of",
]
