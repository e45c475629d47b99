"""What a picture shows, as frozen data: each format draws it in its own way, and an exam stores it with its variant."""

from typing import TypeAlias

from msgspec import Struct

Point: TypeAlias = tuple[float, float]


class Curve(Struct, frozen=True, kw_only=True):
    """A named line; it has several strokes where the function jumps."""

    name: str
    strokes: tuple[tuple[Point, ...], ...]


class Curves(Struct, frozen=True, kw_only=True, tag="curves"):
    """Curves over one pair of axes that cross at the origin."""

    curves: tuple[Curve, ...]
    across: str = "x"


class Map(Struct, frozen=True, kw_only=True):
    """A named grid of numbers."""

    name: str
    cells: tuple[tuple[float, ...], ...]


class Maps(Struct, frozen=True, kw_only=True, tag="maps"):
    """Feature maps beside each other, shaded on one scale: the larger, the darker."""

    maps: tuple[Map, ...]


class Box(Struct, frozen=True, kw_only=True):
    """A named grid of cells that are shaded or not."""

    name: str
    shaded: tuple[tuple[bool, ...], ...]


class Boxes(Struct, frozen=True, kw_only=True, tag="boxes"):
    """Boxes of one size over the same two axes; `focus` is the cell (row, column) that is outlined in each."""

    boxes: tuple[Box, ...]
    down: str
    across: str
    focus: tuple[int, int] | None = None


class Node(Struct, frozen=True, kw_only=True):
    """A place in a graph, counted in columns to the right and rows down; a `round` one computes something."""

    label: str
    column: float
    row: float
    round: bool = False


class Edge(Struct, frozen=True, kw_only=True):
    """An arrow between two nodes, counted from 0."""

    start: int
    end: int
    label: str = ""


class Graph(Struct, frozen=True, kw_only=True, tag="graph"):
    """A computation graph, from left to right."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


Picture: TypeAlias = Curves | Maps | Boxes | Graph
