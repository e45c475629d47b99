"""All that a question file may import: questions, draws for their givens, and what pictures are made of."""

from quizgen.authoring.code import CodeQuestion, Gradient
from quizgen.authoring.concept import ConceptQuestion
from quizgen.authoring.draws import decimals, integers, one_of, signs, some_of
from quizgen.authoring.numeric import NumericQuestion
from quizgen.pictures import Box, Boxes, Curve, Curves, Edge, Graph, Map, Maps, Node

__all__ = [
    "Box",
    "Boxes",
    "CodeQuestion",
    "ConceptQuestion",
    "Curve",
    "Curves",
    "Edge",
    "Gradient",
    "Graph",
    "Map",
    "Maps",
    "Node",
    "NumericQuestion",
    "decimals",
    "integers",
    "one_of",
    "signs",
    "some_of",
]
