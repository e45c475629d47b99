"""Whatever a child sends or returns: the judge neither crashes nor gives a mark."""

import struct
import textwrap

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.cases import CaseSet, JudgedCase
from autograder.judge import judge
from autograder.sandbox import Call, Limits, Returned
from autograder.sandbox.claims import read
from autograder.sandbox.inside.codec import CodecError, decode, encode
from quizgen.model import CaseGroup
from tests.autograder.sandbox import tasks

LIMIT = 1 << 16
LIMITS = Limits(call_seconds=2, total_seconds=4, memory_bytes=64 * 2**20)
ONE_CHILD_EACH = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
arrays = hnp.arrays(
    st.sampled_from(["?", "i1", "i8", "u8", "f2", "f4", "f8"]),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)
integers = st.integers(-(2**63), 2**64 - 1)
leaves = st.none() | st.booleans() | integers | st.floats() | text | arrays
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple) | st.dictionaries(text, inner, max_size=3)
    ),
    max_leaves=8,
)
claims = values | st.tuples(
    st.sampled_from(["returned", "raised", "memory", "missing", "signature", "refused"])
).flatmap(lambda word: st.lists(values, max_size=3).map(lambda rest: (*word, *rest)))

GROUP = CaseGroup(name="all", visible=True, keeps_input=True, keeps_dtype=True)
KEYS = [np.array([[1.25, -7.5e3], [0.0, 3e-3]]), 42.4242, (np.arange(3) + 0.123, 7.77)]


def mistake(x):
    """Be a wrong way that returns a number."""
    return 2.0**1030 if x.size > 10**9 else 1e300


def case_set(key):
    x = np.ones(2)
    case = JudgedCase(group=GROUP, arguments=(x,), expected=key)
    return CaseSet(function="softmax", groups=(GROUP,), cases=(case,), mistakes={"mistake": mistake})


def marks(key, outcome):
    verdict = judge(tasks.items()[0], case_set(key), [outcome], "")
    return verdict.points


@pytest.mark.parametrize("key", KEYS, ids=["array", "number", "tuple"])
@settings(max_examples=150, deadline=None)
@given(value=values, after=st.none() | st.tuples(values))
def test_no_random_value_earns_a_mark(key, value, after):
    assert marks(key, Returned(value, after, 0.0)) == 0


@pytest.mark.parametrize("key", KEYS, ids=["array", "number", "tuple"])
@settings(max_examples=150, deadline=None)
@given(claims)
def test_no_random_claim_earns_a_mark(key, claim):
    outcome = read(decode(encode(claim, limit=LIMIT)), Call(function="softmax", args=(np.ones(2),), echo=True), 0.0)
    assert outcome is None or marks(key, outcome) == 0


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_no_random_bytes_are_a_mark(data):
    try:
        reply = decode(data)
    except CodecError:
        return
    outcome = read(reply, Call(function="softmax", args=(np.ones(2),), echo=True), 0.0)
    assert outcome is None or marks(KEYS[0], outcome) == 0


@st.composite
def frames(draw):
    """Write what could stand on the pipe: noise, a well-formed answer, or one that is damaged."""
    if draw(st.booleans()):
        return draw(st.binary(max_size=60)), draw(st.booleans())
    frame = bytearray(encode(draw(claims), limit=LIMIT))
    for _ in range(draw(st.integers(0, 3))):
        frame[draw(st.integers(0, len(frame) - 1))] = draw(st.integers(0, 255))
    size = len(frame) + 8 + draw(st.sampled_from([0, 0, 0, 1, -1, 2**20, 2**31]))
    return struct.pack("<I", max(size, 0)) + b"TOKEN" + bytes(frame), draw(st.booleans())


@ONE_CHILD_EACH
@given(frame=frames())
def test_no_random_frame_from_a_real_child_earns_a_mark(sandbox, frame):
    data, stays = frame
    source = textwrap.dedent(f"""
        import sys
        def softmax(x):
            data = {data!r}
            os = sys.modules["os"]
            token = sys._getframe(3).f_locals["token"]
            os.write(4, data.replace(b"TOKEN", token))
            return None if {stays} else os._exit(0)
    """)
    run = sandbox.run(source.encode(), [Call(function="softmax", args=(np.ones(2),), echo=True)], LIMITS)
    assert marks(KEYS[0], run.outcomes[0]) == 0


ATOMS = [
    "x",
    "x.tolist()",
    "None",
    "1",
    "-1.5",
    'float("nan")',
    "10**400",
    "1j",
    'b"b"',
    '"t"',
    "np",
    "object",
    "print",
    "...",
    "x > 0",
    "(i for i in x)",
    "x.dtype",
    "np.exp",
    "np.ma.masked_all((2, 2))",
    "np.matrix([[1, 2], [3, 4]])",
    "np.array(None)",
    'np.array(["a"])',
    "np.array([1j])",
    "np.float16(3)",
    "{1}",
    'np.zeros((2, 2), [("a", float)])',
    "np.broadcast_to(0.0, (10**5, 10**5))",
    "np.zeros((2, 0))",
    "np.full((2, 2), np.nan)",
    "range(3)",
    'np.datetime64("2026")',
    "np.zeros((2, 2)).view(A)",
    "A((2, 2))",
    "L()",
    "L([1.0])",
    "D()",
    "F(2)",
    "I(2)",
    "np.zeros((2, 2))[::-1, ::-1]",
    "type",
    "memoryview(x)",
    "np.rec.array([(1, 2.0)])",
    "np.array(L())",
    "np.array([[L(), L()], [L(), L()]])",
    "np.longdouble(1)",
    'np.zeros(2, ">f4")',
]
expressions = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.lists(inner, max_size=3).map(lambda items: f"({''.join(item + ', ' for item in items)})")
        | st.tuples(inner, inner).map(lambda pair: f"{{'a': {pair[0]}, {pair[1]!r}: {pair[1]}}}")
        | inner.map(lambda item: f"np.array({item}, dtype=object)")
    ),
    max_leaves=5,
)
CLASSES = """
import numpy as np
class A(np.ndarray):
    shape = (2, 2)
    __eq__ = __ne__ = lambda self, other: True
    __array_ufunc__ = __array_function__ = lambda self, *a, **k: True
    tobytes = astype = lambda self, *a, **k: b"x"
class L(list):
    __eq__ = lambda self, other: True
    __array__ = lambda self, *a, **k: np.zeros((2, 2))
    __len__ = lambda self: 2**40
class D(dict):
    items = lambda self: [("a", 1)] * 3
class F(float):
    __float__ = lambda self: 1 / 0
    __sub__ = __rsub__ = __abs__ = lambda self, *other: 0.0
class I(int):
    bit_length = lambda self: -5
    to_bytes = lambda self, *a, **k: "text"
"""


@pytest.mark.parametrize("atom", ATOMS)
def test_the_objects_themselves_can_be_made(sandbox, atom):
    source = f"{CLASSES}\ndef softmax(x):\n    {atom}\n    return 1\n"
    (outcome,) = sandbox.run(source.encode(), [Call(function="softmax", args=(np.ones(2),))], LIMITS).outcomes
    assert isinstance(outcome, Returned), outcome


@ONE_CHILD_EACH
@given(expression=expressions)
def test_no_random_object_from_a_real_child_earns_a_mark(sandbox, expression):
    source = f"{CLASSES}\ndef softmax(x):\n    return {expression}\n"
    run = sandbox.run(source.encode(), [Call(function="softmax", args=(np.ones(2),), echo=True)], LIMITS)
    assert marks(KEYS[0], run.outcomes[0]) == 0
