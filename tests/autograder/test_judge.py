import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from autograder.cases import CaseSet, JudgedCase, copies
from autograder.judge import _seconds, behaves_like, judge
from autograder.sandbox import Call, Limits, Returned, Sandbox
from quizgen.model import Ask, CaseGroup, CodeBody, Example, Item, Status, Variant

SHOWN = CaseGroup(name="shown", weight=1, visible=True)
HIDDEN = CaseGroup(name="hidden", weight=2)
KEPT = CaseGroup(name="kept", weight=1, keeps_input=True)
TYPED = CaseGroup(name="typed", weight=1, keeps_dtype=True)


def double(x):
    """Be the reference of these tests."""
    return 2 * x


def triple(x):
    """Be a listed mistake."""
    return 3 * x


def cases() -> CaseSet:
    inputs = [
        (SHOWN, np.array([1.0, 2.0])),
        (HIDDEN, np.array([[1.0, -2.0, 3.0]])),
        (KEPT, np.array([4.0])),
        (TYPED, np.array([0.5], dtype=np.float32)),
    ]
    judged = tuple(JudgedCase(group=g, arguments=(x,), expected=double(x)) for g, x in inputs)
    return CaseSet(function="f", groups=(SHOWN, HIDDEN, KEPT, TYPED), cases=judged, mistakes={"tripled": triple})


@pytest.fixture
def verdict_of(sandbox: Sandbox):
    """Return a function that runs source in the sandbox and judges it."""

    def run(source: str):
        found = cases()
        calls = [Call(function="f", args=copies(c.arguments), echo=c.group.keeps_input) for c in found.cases]
        result = sandbox.run(source.encode(), calls, Limits(call_seconds=0.5))
        body = CodeBody(function="f", signature="f(x)", example=Example(call="f(1)", result="2"))
        variant = Variant(question="t/f", version="v", seed=0, givens={}, body=body)
        item = Item(number=1, points=10.0, ask=Ask.STEPS, variant=variant)
        return judge(item, found, result.outcomes, result.output)

    return run


def reasons(verdict):
    return {g.name: g.reason.phrase for g in verdict.detail.groups if g.reason}


@pytest.mark.parametrize(
    "body",
    [
        "return 2 * x",
        "return x + x",
        "out = x.copy()\n    for i in range(len(out)):\n        out[i] = x[i] * 2\n    return out",
        "return np.array([[2 * v for v in row] for row in np.atleast_2d(x)]).reshape(x.shape).astype(x.dtype)",
    ],
)
def test_right_functions_earn_everything(verdict_of, body):
    verdict = verdict_of(f"import numpy as np\ndef f(x):\n    {body}\n")
    assert (verdict.status, verdict.points) == (Status.CORRECT, 10.0)


def test_a_listed_mistake_is_named(verdict_of):
    verdict = verdict_of("def f(x):\n    return x * 3")
    assert verdict.detail.mistakes == ("tripled",)
    assert verdict.status is Status.INCORRECT


def test_values_are_shown_for_visible_groups_only(verdict_of):
    verdict = verdict_of("def f(x):\n    return x * 3")
    shown, hidden = (next(g for g in verdict.detail.groups if g.name == n).reason for n in ("shown", "hidden"))
    assert shown.phrase == "wrong-value"
    assert {"got", "wanted", "call"} <= shown.values.keys()
    assert hidden.phrase == "wrong-value-hidden"
    assert hidden.values == {}


def test_changing_the_input_costs_its_group_alone(verdict_of):
    verdict = verdict_of("def f(x):\n    x *= 2\n    return x")
    assert reasons(verdict) == {"kept": "input-changed"}
    assert verdict.points == 8.0


def test_another_dtype_costs_its_group_alone(verdict_of):
    verdict = verdict_of("import numpy as np\ndef f(x):\n    return 2 * x.astype(np.float64)")
    assert reasons(verdict) == {"typed": "wrong-dtype"}


@pytest.mark.parametrize(
    ("source", "status", "phrase"),
    [
        ("def g(x):\n    return x", Status.INCORRECT, "missing-function"),
        ("def f(x:\n    return x", Status.UNREADABLE, "not-loaded"),
        ("1 / 0\ndef f(x):\n    return x", Status.UNREADABLE, "not-loaded"),
        ("def f(x):\n    raise NotImplementedError('f')", Status.BLANK, "stub-only"),
    ],
)
def test_what_is_the_same_for_every_call_is_said_once(verdict_of, source, status, phrase):
    verdict = verdict_of(source)
    assert verdict.status is status
    assert verdict.reason.phrase == phrase
    assert verdict.points == 0


@pytest.mark.parametrize(
    ("body", "phrase"),
    [
        ("return np.append(2 * x, 1.0)", "wrong-shape"),
        ("return None", "wrong-type"),
        ("return (x, x)", "wrong-type"),
        ("return x * float('nan')", "not-finite-value"),
        ("return x[7]", "raised"),
        ("while True: pass", "timed-out"),
    ],
)
def test_each_way_to_fail_has_its_words(verdict_of, body, phrase):
    verdict = verdict_of(f"import numpy as np\ndef f(x):\n    {body}")
    assert reasons(verdict)["shown"] == phrase
    assert verdict.status is Status.INCORRECT


def test_a_student_s_own_traceback_is_kept(verdict_of):
    verdict = verdict_of("def f(x):\n    y = x\n    return y[7]")
    assert any("line 3" in line for line in verdict.detail.groups[0].traceback)
    assert not any("autograder" in line or "inside" in line for line in verdict.detail.groups[0].traceback)


@pytest.mark.parametrize(
    "lie",
    [
        "class A(np.ndarray):\n    def __eq__(self, o): return True\ndef f(x):\n    return np.zeros(x.shape).view(A)",
        "class L:\n    def __array__(self, *a, **k): return 1\ndef f(x):\n    return L()",
        "def f(x):\n    return np.ma.masked_all(x.shape)",
        "def f(x):\n    return np.array([object()])",
        "def f(x):\n    return np.broadcast_to(np.nan, x.shape)",
    ],
)
def test_values_that_pretend_earn_nothing(verdict_of, lie):
    verdict = verdict_of(f"import numpy as np\n{lie}")
    assert verdict.points == 0


def test_a_loop_over_entries_is_right_but_too_slow(sandbox):
    group = CaseGroup(name="time", max_ratio=10, visible=True)
    x = np.random.default_rng(0).normal(size=30_000)
    found = CaseSet(
        function="f",
        groups=(group,),
        cases=(JudgedCase(group=group, arguments=(x,), expected=np.cbrt(np.tanh(x))),),
        reference=lambda x: np.cbrt(np.tanh(x)),
    )
    body = CodeBody(function="f", signature="f(x)", example=Example(call="f(1)", result="2"))
    variant = Variant(question="t/f", version="v", seed=0, givens={}, body=body)
    item = Item(number=1, points=1.0, ask=Ask.STEPS, variant=variant)
    verdicts = []
    for source in (
        "import numpy as np\ndef f(x):\n    return np.cbrt(np.tanh(x))",
        "import numpy as np\ndef f(x):\n    return np.array([np.cbrt(np.tanh(v)) for v in x])",
    ):
        result = sandbox.run(source.encode(), [Call(function="f", args=(x,))], Limits())
        verdicts.append(judge(item, found, result.outcomes, result.output))
    fast, slow = verdicts
    assert fast.status is Status.CORRECT
    assert slow.status is Status.INCORRECT
    assert slow.detail.groups[0].reason.phrase == "too-slow"
    assert float(slow.detail.groups[0].reason.values["ratio"]) > 10


def test_the_reference_is_not_timed_by_what_other_threads_do():
    end = threading.Event()
    busy = threading.Thread(target=lambda: [sum(range(1000)) for _ in iter(end.is_set, True)])
    busy.start()
    case = JudgedCase(group=SHOWN, arguments=(), expected=None)
    try:
        assert _seconds(lambda: time.sleep(0.3), case) < 0.1
    finally:
        end.set()
        busy.join()


def test_mistakes_that_warn_are_silenced_in_many_threads_at_once():
    """Python's own filters, set and restored by threads that overlap, end up as none of them wanted."""

    def empty(x):
        warnings.warn("mean of nothing", RuntimeWarning, stacklevel=1)
        time.sleep(0.001)
        return x

    found = replace(cases(), mistakes={"tripled": empty})
    outcomes = [Returned(value=c.arguments[0], args_after=c.arguments, cpu_seconds=0.0) for c in found.cases]
    before = list(warnings.filters)
    with ThreadPoolExecutor(8) as pool:
        named = list(pool.map(lambda _: behaves_like(found, outcomes), range(64)))
    assert named == [("tripled",)] * 64
    assert warnings.filters == before
