import textwrap
import time

import numpy as np
import pytest

from autograder.sandbox import (
    Call,
    Died,
    Limits,
    MissingFunction,
    NotLoaded,
    NotRun,
    OutOfMemory,
    ProtocolError,
    Raised,
    Returned,
    Sandbox,
    TimedOut,
    WrongSignature,
)

QUICK = Limits(call_seconds=0.5, total_seconds=5.0, load_seconds=1.5)


def run(sandbox, source, *calls, limits=QUICK):
    if isinstance(source, str):
        source = textwrap.dedent(source).encode()
    return sandbox.run(
        source, [call if isinstance(call, Call) else Call(function=call[0], args=call[1:]) for call in calls], limits
    )


def outcome(sandbox, source, *call, limits=QUICK):
    return run(sandbox, source, call or ("f",), limits=limits).outcomes[0]


class TestReturned:
    @pytest.mark.parametrize("value", [None, True, 3, 2.5, "text", [1, (2.0,)], {"a": [1]}])
    def test_plain_values_come_back(self, sandbox, value):
        result = outcome(sandbox, "def f(x): return x", "f", value)
        assert isinstance(result, Returned)
        assert result.value == value
        assert type(result.value) is type(value)

    @pytest.mark.parametrize("dtype", ["?", "i8", "f2", "f4", "f8"])
    def test_arrays_keep_shape_and_dtype(self, sandbox, dtype):
        x = np.ones((2, 3, 4), dtype)
        result = outcome(sandbox, "def f(x): return x, x.sum(dtype=x.dtype)", "f", x)
        array, total = result.value
        assert np.array_equal(array, x)
        assert array.dtype == total.dtype == x.dtype

    def test_a_generated_result_is_refused_in_words(self, sandbox):
        result = outcome(sandbox, "def f(): return (i for i in range(3))")
        assert result == ProtocolError("returned a generator; wanted numbers, arrays of numbers, or tuples of them")

    def test_arguments_are_copies_and_come_back_when_asked(self, sandbox):
        x = np.arange(3.0)
        source = "def f(x, y):\n    x *= 2\n    y.append(1)\n    return x"
        result = run(sandbox, source, Call(function="f", args=(x, []), echo=True)).outcomes[0]
        after, appended = result.args_after
        assert after.tolist() == [0, 2, 4]
        assert appended == [1]
        assert x.tolist() == [0, 1, 2]

    def test_processor_time_is_measured(self, sandbox):
        source = """
            import time
            def busy():
                end = time.process_time() + 0.1
                while time.process_time() < end: pass
            def idle():
                time.sleep(0.1)
        """
        busy, idle = run(sandbox, source, ("busy",), ("idle",), limits=Limits()).outcomes
        assert 0.09 < busy.cpu_seconds < 0.2
        assert idle.cpu_seconds < 0.05

    def test_a_lie_about_processor_time_does_not_help(self, sandbox):
        source = """
            import time
            def f():
                end = time.process_time() + 0.1
                while time.process_time() < end: pass
                time.process_time = lambda: 0.0
        """
        assert outcome(sandbox, source, limits=Limits()).cpu_seconds > 0.09

    def test_the_same_submission_draws_the_same_numbers_and_another_draws_others(self, sandbox):
        source = "import random\nimport numpy as np\ndef f(): return random.random(), np.random.rand()"
        first, again, other = (outcome(sandbox, text).value for text in (source, source, source + "\n"))
        assert first == again
        assert first[0] != other[0]
        assert first[1] != other[1]


class TestRaised:
    def test_only_the_student_s_lines_are_told(self, sandbox):
        source = """
            import numpy as np
            def inner(x):
                return x @ np.ones((9, 9))
            def f(x):
                return inner(x)
        """
        result = outcome(sandbox, source, "f", np.ones(2))
        assert isinstance(result, Raised)
        assert result.kind == "ValueError"
        assert "mismatch" in result.message
        assert result.traceback == (
            "line 6, in f: return inner(x)",
            "line 4, in inner: return x @ np.ones((9, 9))",
        )

    def test_a_deep_recursion_is_cut(self, sandbox):
        result = outcome(sandbox, "def f(): return f()")
        assert result.kind == "RecursionError"
        assert len(result.traceback) == 17
        assert "more lines" in result.traceback[8]

    @pytest.mark.parametrize("exception", ["SystemExit(0)", "KeyboardInterrupt()", "GeneratorExit()"])
    def test_leaving_is_raising(self, sandbox, exception):
        assert outcome(sandbox, f"def f(): raise {exception}").kind == exception.partition("(")[0]

    def test_an_exception_that_cannot_be_shown(self, sandbox):
        source = """
            class E(Exception):
                def __str__(self): raise RuntimeError
            def f(): raise E
        """
        assert outcome(sandbox, source).message == "(the exception has no readable message)"

    def test_the_next_call_still_runs(self, sandbox):
        first, second = run(sandbox, "def f(x): return 1 / x", ("f", 0), ("f", 2)).outcomes
        assert first.kind == "ZeroDivisionError"
        assert second.value == 0.5


class TestStopped:
    SOURCE = """
        import sys
        import numpy as np
        def loop():
            while True: pass
        def long_multiplication(): return 9**9**9
        def crash():
            import ctypes
        def leave(): sys.modules["os"]._exit(3)
        def segfault(): sys.modules["ctypes"].string_at(0)
        def large(): return np.ones(2**34)
        def hoard():
            kept = []
            while True: kept.append(bytearray(2**20))
        def hang_up():
            for number in range(64):
                try: sys.modules["os"].close(number)
                except OSError: pass
            while True: pass
        def fine(): return 1
    """

    @pytest.mark.parametrize("name", ["loop", "long_multiplication"])
    def test_an_endless_call_costs_only_its_own_function(self, sandbox, name):
        outcomes = run(sandbox, self.SOURCE, ("fine",), (name,), (name,), ("fine",)).outcomes
        assert [type(item) for item in outcomes] == [Returned, TimedOut, NotRun, Returned]
        assert outcomes[1] == TimedOut(0.5)
        assert outcomes[2] == NotRun(f"an earlier call of {name} took more than 0.5 seconds")

    @pytest.mark.parametrize("name", ["large", "hoard"])
    def test_memory_is_bounded(self, sandbox, name):
        limits = Limits(call_seconds=3, memory_bytes=128 * 2**20)
        result = run(sandbox, self.SOURCE, (name,), ("fine",), limits=limits)
        assert result.outcomes[0] == OutOfMemory()
        assert isinstance(result.outcomes[1], Returned)
        assert result.peak_bytes < 260 * 2**20

    def test_leaving_the_process(self, sandbox):
        died, fine = run(sandbox, self.SOURCE, ("leave",), ("fine",)).outcomes
        assert died == Died(None, "the process ended itself with exit code 3")
        assert isinstance(fine, Returned)

    def test_a_crash(self, sandbox):
        died, fine = run(sandbox, self.SOURCE, ("segfault",), ("fine",)).outcomes
        assert died == Died(11, "the process crashed with SIGSEGV")
        assert isinstance(fine, Returned)

    def test_hanging_up_without_dying(self, sandbox):
        died, fine = run(sandbox, self.SOURCE, ("hang_up",), ("fine",)).outcomes
        assert died == Died(None, "the process hung up on the judge")
        assert isinstance(fine, Returned)

    def test_the_total_deadline(self, sandbox):
        limits = Limits(call_seconds=1, total_seconds=1)
        source = "import time\ndef f(): time.sleep(0.3)\ndef g(): time.sleep(0.5)\ndef h(): pass"
        result = run(sandbox, source, ("f",), ("g",), ("g",), ("h",), limits=limits)
        assert isinstance(result.outcomes[0], Returned)
        assert isinstance(result.outcomes[1], Returned | TimedOut)
        assert isinstance(result.outcomes[2], NotRun | TimedOut)
        assert result.outcomes[3] == NotRun("the 1 seconds of this submission were used up")
        assert result.seconds < 1.5


class TestNotCallable:
    def test_a_missing_function_names_the_others(self, sandbox):
        source = "import math\ndef softmaxx(x): pass\ndef relu(x): pass\ndef _hidden(): pass\nN = 3"
        assert outcome(sandbox, source, "softmax") == MissingFunction("softmax", ("relu", "softmaxx"))

    def test_a_signature_that_does_not_fit(self, sandbox):
        source = "def f(x, w, *, stride): raise RuntimeError"
        assert outcome(sandbox, source, "f", 1, 2) == WrongSignature(
            "f called with 2 positional arguments", "f(x, w, *, stride)"
        )

    def test_a_type_error_inside_is_not_a_wrong_signature(self, sandbox):
        assert outcome(sandbox, "def f(x): return len(x)", "f", 1).kind == "TypeError"

    def test_a_name_that_is_no_function(self, sandbox):
        assert outcome(sandbox, "f = 3") == WrongSignature(
            "f called with 0 positional arguments", "f is of type int, not a function"
        )

    def test_a_compiled_function_is_called(self, sandbox):
        assert outcome(sandbox, "import numpy as np\nf = np.maximum", "f", 1, 2).value == 2


class TestNotLoaded:
    @pytest.mark.parametrize(
        ("source", "kind", "words", "line"),
        [
            ("def f(:\n  pass", "SyntaxError", "invalid syntax", "def f(:"),
            ("1 / 0", "ZeroDivisionError", "division by zero", "1 / 0"),
            ("import os", "ImportError", "'os' cannot be imported here: a submission has no access", "import os"),
            ("import subprocess", "ImportError", "no access to files, programs", "import subprocess"),
            ("import torch", "ImportError", "has to be written in NumPy", "import torch"),
            ("import socket", "ImportError", "no network", "import socket"),
            ("from . import x", "ImportError", "single file", "from . import x"),
            ("import numpy.f2py", "ImportError", "this part is not loaded", "import numpy.f2py"),
            ("exit()", "NameError", "exit", "exit()"),
            ("raise SystemExit(3)", "SystemExit", "3", "raise SystemExit(3)"),
            ("open('/etc/passwd')", "PermissionError", "", "open('/etc/passwd')"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_imported_says_why(self, sandbox, source, kind, words, line):
        result = outcome(sandbox, source)
        assert isinstance(result, NotLoaded)
        assert result.kind == kind
        assert words in result.message
        assert result.traceback in {(f"line 1: {line}",), (f"line 1, in <module>: {line}",)}

    @pytest.mark.parametrize(
        ("source", "kind"),
        [
            (b"x = '\xff\xfe'", "SyntaxError"),
            (b"x = 1\0", "SyntaxError"),
            (b"# coding: rot13\n", "SyntaxError"),
            (b"# coding: no-such-thing\n", "SyntaxError"),
            (b"#" * (2**20 + 1), "TooLarge"),
            (b"while True: pass", "TimedOut"),
            (b"import sys\nsys.modules['os']._exit(0)", "Died"),
            (b"x = bytearray(2**40)", "MemoryError"),
            (b"(" * 100_000, "SyntaxError"),
            (b"import sys\nsys.modules['os'].write(4, b'\\xff' * 100)\n", "ProtocolError"),
        ],
        ids=lambda item: item if isinstance(item, str) else repr(item[:24]),
    )
    def test_hostile_sources(self, sandbox, source, kind):
        result = run(sandbox, source, ("f",), ("g",))
        assert {type(item) for item in result.outcomes} == {NotLoaded}
        assert result.outcomes[0].kind == kind

    @pytest.mark.parametrize(
        "source",
        [
            b"",
            b"\xef\xbb\xbfdef f(): return 1",
            b"# coding: latin-1\n# \xe9\ndef f(): return 1",
            "def f(): return 1 # 平均".encode(),
        ],
    )
    def test_honest_sources_of_any_encoding(self, sandbox, source):
        assert isinstance(outcome(sandbox, source), Returned | MissingFunction)

    def test_nothing_is_loaded_for_no_calls(self, sandbox):
        assert run(sandbox, "1 / 0").outcomes == ()


class TestHostileAnswers:
    WRITE = """
        import sys, struct
        write = sys.modules["os"].write
        def frame(data):
            token = sys._getframe(3).f_locals["token"]
            write(4, struct.pack("<I", len(data) + 8) + token + data)
    """

    @pytest.mark.parametrize(
        "body",
        [
            "write(4, b'\\xff' * 64)",
            "frame(b'')",
            "frame(b'N')",
            "frame(b'l\\xff\\xff\\xff\\xff')",
            "frame(b'l\\1\\0\\0\\0' * 1000)",
            "frame(b't\\1\\0\\0\\0s\\7\\0\\0\\0refused')",
            "frame(b'a\\x0b\\1\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x7f')",
            "frame(b't\\0\\0\\0\\0')",
        ],
    )
    def test_forged_bytes_are_a_protocol_error(self, sandbox, body):
        source = textwrap.dedent(self.WRITE) + f"def f():\n    {body}\ndef g(): return 2\n"
        forged, other = run(sandbox, source, ("f",), ("g",)).outcomes
        assert isinstance(forged, ProtocolError)
        assert other.value == 2

    def test_an_answer_ahead_of_its_question_is_noticed(self, sandbox):
        source = textwrap.dedent(self.WRITE) + (
            "import numpy as np\n"
            "def f():\n"
            "    two = b't\\3\\0\\0\\0s\\x08\\0\\0\\0returnedi\\2' + bytes(8) + b'N'\n"
            "    frame(two); frame(two)\n"
        )
        first, second = run(sandbox, source, ("f",), ("f",)).outcomes
        assert isinstance(first, Returned)
        assert first.value == 2
        assert isinstance(second, ProtocolError)

    @pytest.mark.parametrize(
        ("value", "words"),
        [
            ("np.zeros(2**22)", "an array of 33554432 bytes"),
            ("np.array([object()])", "dtype object"),
            ("[0] * 10**6", "more than 100000 items"),
            ("'x' * 2**25", "more than 16777216 bytes"),
            ("f", "a function; wanted numbers"),
            ("10**5000", "an integer of more than"),
        ],
    )
    def test_what_is_not_a_value_is_said_kindly(self, sandbox, value, words):
        source = f"import numpy as np\ndef f(): return {value}"
        result = outcome(sandbox, source, limits=Limits())
        assert isinstance(result, ProtocolError)
        assert result.reason.startswith("returned ")
        assert words in result.reason

    @pytest.mark.parametrize("value", ["Color.RED", "Small(2)", "True + 1", "np.int64(2)"])
    def test_numbers_of_any_kind_come_back(self, sandbox, value):
        source = f"""
            import enum
            import numpy as np
            class Color(enum.IntEnum):
                RED = 2
            class Small(int):
                bit_length = to_bytes = __int__ = __eq__ = lambda self, *args, **kwargs: 0
            def f(): return {value}
        """
        assert outcome(sandbox, source).value == 2

    def test_an_array_that_lies_about_itself(self, sandbox):
        source = """
            import numpy as np
            class Liar(np.ndarray):
                shape = (10**9,)
                def __eq__(self, other): return True
            def f(): return np.zeros(2).view(Liar)
        """
        result = outcome(sandbox, source)
        assert isinstance(result, Raised | ProtocolError | Returned)
        if isinstance(result, Returned):
            assert type(result.value) is np.ndarray

    def test_an_endless_answer_stops_at_the_deadline(self, sandbox):
        source = textwrap.dedent(self.WRITE) + (
            "import time\n"
            "def f():\n    write(4, struct.pack('<I', 10**6))\n    while True:\n"
            "        write(4, b'x'); time.sleep(0.01)\n"
        )
        started = time.monotonic()
        assert outcome(sandbox, source) == TimedOut(0.5)
        assert time.monotonic() - started < 2

    def test_replaced_machinery_only_hurts_its_own(self, sandbox):
        source = """
            import builtins, sys
            import numpy as np
            sys.modules["os"].write = None
            np.asarray = np.array = None
            builtins.isinstance = lambda *_: True
            def f(): return 1
        """
        run(sandbox, source, ("f",))
        assert outcome(sandbox, "import numpy as np\ndef f(): return np.array([1])").value.tolist() == [1]


class TestOutput:
    def test_both_streams_are_kept_in_order(self, sandbox):
        source = "import sys\nprint('loading')\ndef f():\n    print('é')\n    print('err', file=sys.stderr)"
        assert run(sandbox, source, ("f",)).output == "loading\né\nerr\n"

    def test_a_flood_is_drained_and_capped(self, sandbox):
        source = "def f():\n    for _ in range(1000): print('x' * 1000)\n    return 1"
        result = run(sandbox, source, ("f",), limits=Limits(output_bytes=5000))
        assert result.outcomes[0].value == 1
        assert result.output == "\n".join(["x" * 1000] * 5)[:5000] + "\n[cut here: at most 5000 bytes are kept]\n"

    def test_what_was_printed_before_the_end_is_kept(self, sandbox):
        assert "before" in run(sandbox, "def f():\n    print('before')\n    while True: pass", ("f",)).output

    def test_there_is_nothing_to_read(self, sandbox):
        assert outcome(sandbox, "def f(): return input()").kind == "EOFError"

    def test_closed_streams_do_not_matter(self, sandbox):
        source = "import sys\nsys.stdout.close()\nsys.stderr = None\ndef f(): return 1"
        assert outcome(sandbox, source).value == 1


def test_large_inputs_and_answers_pass(sandbox):
    x = np.random.default_rng(0).normal(size=(1000, 1500))
    result = outcome(sandbox, "def f(x): return -x", "f", x, limits=Limits())
    assert np.array_equal(result.value, -x)


def test_ordinary_programs_work(sandbox):
    source = """
        from __future__ import annotations
        import collections, dataclasses, datetime, decimal, enum, fractions, functools, heapq, itertools, json, math
        import random, re, statistics, string, time, typing, warnings
        import numpy as np
        from numpy.lib.stride_tricks import sliding_window_view
        from collections.abc import Sequence

        @dataclasses.dataclass
        class Layer:
            w: np.ndarray
            def forward(self, x: np.ndarray) -> np.ndarray:
                return np.einsum("ij,bj->bi", self.w, x)

        @functools.cache
        def cached(n: int) -> int:
            return n if n < 2 else cached(n - 1) + cached(n - 2)

        def f(x):
            rng = np.random.default_rng(0)
            u, s, v = np.linalg.svd(rng.normal(size=(5, 5)))
            windows = sliding_window_view(x, (2, 2)).max(axis=(-2, -1))
            warnings.warn("noted")
            np.testing.assert_allclose(np.fft.ifft(np.fft.fft(x)).real, x)
            str(x), repr(rng), json.dumps({"a": 1}), datetime.datetime.strptime("2024", "%Y")
            σ = np.exp(x) / np.exp(x).sum()
            return Layer(x).forward(x), windows, s, σ, cached(30), float(fractions.Fraction(1, 3))
    """
    result = outcome(sandbox, source, "f", np.arange(16.0).reshape(4, 4), limits=Limits())
    assert isinstance(result, Returned), result


def test_the_order_of_a_set_is_the_same_in_every_worker(sandbox):
    source = "def f(): return list({'a', 'b', 'c', 'd', 'e', 'f'})"
    with Sandbox() as other:
        assert outcome(sandbox, source).value == outcome(other, source).value


def test_terminal_commands_are_taken_out_of_texts(sandbox):
    source = "def f():\n    print('\\x1b[2J', end='\\r\\n')\n    raise ValueError('\\x1b]0;title\\x07')"
    result = run(sandbox, source, ("f",))
    assert result.output == "\ufffd[2J\n"
    assert result.outcomes[0].message == "\ufffd]0;title\ufffd"


def test_a_flood_of_answers_while_a_large_input_waits_is_cut(sandbox):
    source = """
        import sys
        write = sys.modules["os"].write
        def flood(*_):
            while True: write(4, b"x" * 65536)
        def prepare():
            sys._getframe(1).f_globals["wire"].receive = flood
        def f(x): pass
    """
    limits = Limits(reply_bytes=2**16)
    first, second = run(sandbox, source, ("prepare",), ("f", np.zeros(2**20)), limits=limits).outcomes
    assert isinstance(first, Returned)
    assert isinstance(second, ProtocolError)


def test_strided_arrays_have_gaps_in_memory_and_the_same_values(sandbox):
    source = "def f(x, n):\n    return x.flags.c_contiguous, x * n"
    x = np.arange(12.0).reshape(3, 4)
    for strided in (False, True):
        contiguous, value = run(sandbox, source, Call(function="f", args=(x, 2), strided=strided)).outcomes[0].value
        assert contiguous is not strided
        assert np.array_equal(value, 2 * x)
