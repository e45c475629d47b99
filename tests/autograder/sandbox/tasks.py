"""The two functions that every submission of the corpus is asked for, and the cases it is judged by."""

import runpy
from pathlib import Path

import numpy as np

from autograder.cases import CaseSet, JudgedCase
from quizgen.model import Ask, CaseGroup, CodeBody, Example, Item, Variant

CORPUS = Path(__file__).parent.parent / "corpus"


def source(name):
    """Read the submission of that name, or make it where it cannot be stored."""
    folder = CORPUS / name
    if (folder / "make.py").exists():
        return runpy.run_path(str(folder / "make.py"))["SOURCE"]
    return (folder / "solution.py").read_bytes()


def softmax(x):
    """Softmax over the last axis."""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def max_pool(x, k):
    """Maximum of each k x k window of x, without overlap."""
    rows, columns = x.shape[0] // k, x.shape[1] // k
    return x[: rows * k, : columns * k].reshape(rows, k, columns, k).max(axis=(1, 3))


def _case_set(function, *drawn):
    groups = tuple(dict.fromkeys(group for group, _ in drawn))
    cases = tuple(JudgedCase(group=g, arguments=a, expected=function(*a)) for g, a in drawn)
    return CaseSet(function=function.__name__, groups=groups, cases=cases, mistakes={})


def case_sets():
    """Make the cases of both functions."""
    rng = np.random.default_rng(20260301)
    shown = CaseGroup(name="shown", weight=2, visible=True)
    large = CaseGroup(name="large", weight=2)
    kept = CaseGroup(name="kept", weight=1, keeps_input=True)
    typed = CaseGroup(name="typed", weight=1, keeps_dtype=True, rtol=1e-5)
    negative = CaseGroup(name="negative", weight=2)
    softmax_cases = _case_set(
        softmax,
        (shown, (rng.normal(size=(2, 3)),)),
        (shown, (rng.normal(size=(4, 5)),)),
        (large, (rng.normal(size=(3, 4)) * 1000,)),
        (kept, (rng.normal(size=(3, 3)),)),
        (typed, (rng.normal(size=(2, 6)).astype(np.float32),)),
    )
    pool_cases = _case_set(
        max_pool,
        (shown, (rng.normal(size=(4, 4)), 2)),
        (shown, (rng.normal(size=(6, 9)), 3)),
        (negative, (-1 - rng.random(size=(5, 7)), 2)),
    )
    return softmax_cases, pool_cases


def items():
    """Make the two items of the paper, worth 6 and 4 points."""
    made = []
    for number, (name, signature, points) in enumerate(
        [("softmax", "softmax(x)", 6.0), ("max_pool", "max_pool(x, k)", 4.0)], start=1
    ):
        body = CodeBody(function=name, signature=signature, example=Example(call=f"{name}(1)", result="1"))
        variant = Variant(question=f"corpus/{name}", version="v", seed=0, givens={}, body=body)
        made.append(Item(number=number, points=points, ask=Ask.STEPS, variant=variant))
    return tuple(made)


HONEST = b"""
import numpy as np

def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)

def max_pool(x, k):
    r, c = x.shape[0] // k, x.shape[1] // k
    return x[: r * k, : c * k].reshape(r, k, c, k).sum(axis=(1, 3))
"""
"""The next student: a right softmax, a wrong max_pool; it is worth 6 points after whoever came before."""
