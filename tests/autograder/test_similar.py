import re

from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.similar import GRAM, MANY, WINDOW, Token, similar_pairs, tokenize, winnow

POOL = '''import numpy as np


def max_pool(x, size):
    """Take the maximum of each window."""
    rows, columns = x.shape[0] // size, x.shape[1] // size
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            window = x[i * size : (i + 1) * size, j * size : (j + 1) * size]
            out[i, j] = window.max()
    return out
'''
OTHER = """import numpy as np


def max_pool(x, size):
    height, width = x.shape
    blocks = x.reshape(height // size, size, width // size, size)
    best = blocks.transpose(0, 2, 1, 3).reshape(height // size, width // size, -1)
    order = np.sort(best, axis=2)
    return np.ascontiguousarray(order[:, :, -1]) if order.size else np.empty((0, 0), dtype=float)
"""


def disguised(code):
    """Rename everything, change numbers, drop the docstring, and add comments and lines."""
    names = {"max_pool": "f", "rows": "aa", "columns": "bb", "out": "result", "window": "w", "size": "k", "x": "data"}
    for old, new in names.items():
        code = re.sub(rf"\b{old}\b", new, code)
    return "# all my own\n\n\n" + code.replace('"""Take the maximum of each window."""', "# hm").replace("+ 1", "+  2")


def shares(codes, starters=None, threshold=0.0):
    return {(p.first, p.second): p for p in similar_pairs(codes, starters or {}, threshold)}


def test_a_disguised_copy_is_the_same_and_another_solution_is_not():
    found = shares({"a": POOL, "b": disguised(POOL), "c": OTHER})
    assert found["a", "b"].share == 1.0
    assert ("a", "c") not in found or found["a", "c"].share < 0.3
    (block,) = found["a", "b"].blocks
    # Of the last tokens winnowing need not keep a fingerprint.
    assert block.first == (1, 11)
    assert block.second == (4, 14)


def test_matching_lines_are_found_where_they_were_moved():
    body = POOL.splitlines()[5:12]
    moved = "def other(a):\n    return a.mean() / a.std() + a.var()\n\n\ndef g(x, size):\n" + "\n".join(body) + "\n"
    pair = shares({"a": POOL, "b": moved})["a", "b"]
    assert max(pair.blocks, key=lambda b: b.tokens).second[1] == 11
    assert pair.share > 0.8


def test_starter_code_does_not_count():
    mine, yours = (POOL + f"\n\ndef g(x):\n    return {body}\n" for body in ("x.sum() / 2", "[v for v in x if v > 0]"))
    assert shares({"a": mine, "b": yours})["a", "b"].share > 0.5
    assert shares({"a": mine, "b": yours}, {"a": POOL, "b": POOL}) == {}


def test_what_a_large_part_of_the_class_wrote_does_not_count():
    few = {f"s{i}": POOL for i in range(MANY)}
    assert len(shares(few)) == MANY * (MANY - 1) / 2
    assert shares({**few, "more": POOL}) == {}


def test_a_line_or_two_are_not_compared():
    short = "def f(x):\n    return x.sum(axis=0) / x.shape[0]\n"
    assert shares({"a": short, "b": short}) == {}


def test_broken_and_empty_code_is_read():
    broken = POOL.replace("return out", "return (out")
    assert shares({"a": POOL, "b": broken, "c": "", "d": "\x00 def ("})["a", "b"].share > 0.9


def test_the_threshold_hides_and_the_most_alike_come_first():
    near = POOL.replace("window.max()", "window.mean(axis=0).sum() + window.min()")
    codes = {"a": POOL, "b": disguised(POOL), "c": near}
    found = similar_pairs(codes, {}, 0.0)
    assert (found[0].first, found[0].second) == ("a", "b")
    assert [p.share for p in found] == sorted((p.share for p in found), reverse=True)
    assert len(similar_pairs(codes, {}, 1.0)) == 1


def test_names_after_a_dot_are_numpys_own():
    assert [t.text for t in tokenize("np.sum(y)")] == ["name", ".", "sum", "(", "name", ")"]
    assert [t.line for t in tokenize('"""doc\nstring"""\n\nx = "a" \'b\'')] == [4, 4, 4]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from("abcdef"), max_size=60), st.lists(st.sampled_from("abcdef"), max_size=60), st.data())
def test_a_common_run_of_the_guaranteed_length_is_always_found(before, after, data):
    length = GRAM + WINDOW - 1
    common = data.draw(st.lists(st.sampled_from("abcdef"), min_size=length, max_size=length))
    one, two = ({h for h, _ in winnow(tuple(Token(t, 1) for t in run))} for run in (before + common, common + after))
    assert one & two


def test_code_that_repeats_itself_is_compared_at_once():
    many = 3000 * "x = x + 1\n"
    (pair,) = similar_pairs({"a": many, "b": many + "y = 2\n"}, {}, 0.6)
    assert pair.share == 1
    assert pair.blocks[0].first == pair.blocks[0].second


def test_blocks_name_the_lines_of_each_of_the_two():
    above = "import numpy as np\nfirst, second = np.arange(3), {1: 'one', 2: 'two'}\n" * 2
    (pair,) = similar_pairs({"a": POOL, "b": above + POOL}, {}, 0.6)
    (block,) = pair.blocks
    assert block.second == (block.first[0] + 4, block.first[1] + 4)
    assert block.first[0] == 1
