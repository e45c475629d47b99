import contextlib
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.sandbox.inside.codec import MAX_DEPTH, MAX_ITEMS, CodecError, decode, encode

LIMIT = 1 << 20
DTYPES = ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", ">i4", ">f8"]

dtypes = st.sampled_from(DTYPES).map(np.dtype)
arrays = hnp.arrays(dtypes, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
numbers = dtypes.flatmap(lambda dtype: hnp.arrays(dtype, ()).map(lambda array: array[()]))
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
leaves = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | text | numbers | arrays
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple) | st.dictionaries(text, inner, max_size=4)
    ),
    max_leaves=12,
)


def same(left, right):
    if isinstance(left, np.ndarray | np.generic):
        native = left.dtype.newbyteorder("=")
        return (
            isinstance(right, np.ndarray) == isinstance(left, np.ndarray)
            and right.dtype == native
            and right.shape == left.shape
            and np.asarray(left, native).tobytes() == right.tobytes()
        )
    if type(left) is not type(right):
        return False
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    if isinstance(left, float):
        return struct.pack("d", left) == struct.pack("d", right)
    return left == right


@settings(deadline=None)
@given(values)
def test_every_value_comes_back_as_it_was(value):
    assert same(value, decode(encode(value, limit=LIMIT)))


@settings(deadline=None)
@given(arrays)
def test_decoded_arrays_are_fresh_and_writable(array):
    assert decode(encode(array, limit=LIMIT)).flags.writeable


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=80))
def test_random_bytes_are_a_value_or_a_codec_error(data):
    with contextlib.suppress(CodecError):
        decode(data)


@settings(max_examples=400, deadline=None)
@given(values, st.data())
def test_damaged_bytes_are_a_value_or_a_codec_error(value, data):
    damaged = bytearray(encode(value, limit=LIMIT))
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(0, len(damaged) - 1))
        damaged[position] = data.draw(st.sampled_from([0, 1, 0x7F, 0x80, 0xFF, ord("l"), ord("a")]))
    cut = data.draw(st.integers(0, len(damaged)))
    for part in (damaged, damaged[:cut], damaged + b"N"):
        with contextlib.suppress(CodecError):
            decode(bytes(part))


@pytest.mark.parametrize(
    "array",
    [np.arange(12.0).reshape(3, 4).T, np.arange(12)[::-2], np.zeros((0, 3)), np.broadcast_to(1.0, (2, 2))],
    ids=["transposed", "reversed", "empty", "broadcast"],
)
def test_strides_do_not_matter(array):
    assert np.array_equal(decode(encode(array, limit=LIMIT)), array)


def test_subclasses_become_what_they_hold():
    with pytest.warns(PendingDeprecationWarning):
        matrix = np.matrix([[1, 2], [3, 4]])
    decoded = decode(encode(matrix, limit=LIMIT))
    assert type(decoded) is np.ndarray
    assert decoded.tolist() == [[1, 2], [3, 4]]


def nested(depth):
    value = 0
    for _ in range(depth):
        value = [value]
    return value


def cyclic():
    value = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({1, 2}, "a set; wanted numbers"),
        (object(), "an object; wanted numbers"),
        (1j, "a complex; wanted numbers"),
        (np.array([None]), "dtype object"),
        (np.array([1j]), "dtype complex128"),
        (np.array(["a"]), "dtype <U1"),
        (np.ma.masked_array([1.0], [True]), "a masked array"),
        (np.longdouble(1), "dtype float128"),
        (10**1000, "an integer of more than 64 bits"),
        (2**64, "an integer of more than 64 bits"),
        (-(2**63) - 1, "an integer of more than 64 bits"),
        ("\ud800", "text that is not Unicode"),
        ({1: 2}, "a key of type int"),
        (nested(MAX_DEPTH + 1), "nested more than"),
        (cyclic(), "nested more than"),
        ([0] * (MAX_ITEMS + 1), "items"),
        (np.zeros(LIMIT), "an array of 8388608 bytes"),
        ("x" * (LIMIT + 1), "more than 1048576 bytes"),
    ],
    ids=lambda item: item[:30] if isinstance(item, str) else type(item).__name__,
)
def test_what_has_no_form_is_refused_in_words(value, words):
    with pytest.raises(CodecError, match=words):
        encode(value, limit=LIMIT)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"?",
        b"l" + b"\xff" * 4,
        b"l\x01\0\0\0" * 100,
        b"a\x0b\x02" + b"\0" * 8 + b"\xff" * 8,
        b"a\x0b\x02" + struct.pack("<QQ", 0, 2**63),
        b"a\x0b\x03" + struct.pack("<QQQ", 0, 2**40, 2**40),
        b"a\x0b\x01" + struct.pack("<Q", 2**61),
        b"a\x0b\xff",
        b"a\xff\x00",
        b"s\x02\0\0\0\xff\xfe",
        b"i\xff\xff",
        b"i" + (2**64).to_bytes(9, "little"),
        b"NN",
        b"d\x02\0\0\0" + b"\x01\0\0\0aN" * 2,
    ],
)
def test_lying_bytes_are_refused(data):
    with pytest.raises(CodecError):
        decode(data)


def test_a_boolean_is_zero_or_one():
    hostile = b"a\x00\x01" + struct.pack("<Q", 3) + b"\x00\x01\x07"
    assert decode(hostile).tobytes() == b"\x00\x01\x01"


@pytest.mark.parametrize(
    "layer",
    [b"l\x01\x00\x00\x00", b"t\x01\x00\x00\x00", b"d\x01\x00\x00\x00\x01\x00\x00\x00k"],
    ids=["list", "tuple", "dict"],
)
def test_nesting_is_counted_in_every_kind_of_container(layer):
    decode(layer * MAX_DEPTH + b"N")
    with pytest.raises(CodecError, match="nested more than 16 deep"):
        decode(layer * (MAX_DEPTH + 1) + b"N")
    with pytest.raises(CodecError, match="nested more than 16 deep"):
        decode(layer * 5000 + b"N")
