import io
import os
import stat
import struct
import tracemalloc
import zipfile
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.intake import Problem, collect
from autograder.intake.limits import MAX_FILE_BYTES, MAX_MEMBERS, MAX_TOTAL_BYTES, MIB

DEFLATED = zipfile.ZIP_DEFLATED


def zipped(*members, compression=DEFLATED):
    """Return a zip of (name or ZipInfo, bytes) pairs."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as file:
        for name, data in members:
            file.writestr(name, data)
    return buffer.getvalue()


def unix(name, mode):
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def intake(root, data, name="s01.zip"):
    (root / name).write_bytes(data)
    return collect(root, ("s01", "s02"))


def only(root, data):
    (submission,) = intake(root, data).submissions
    return submission


def reasons(submission):
    return [(r.phrase, r.values) for r in submission.problems]


GOOD = ("answers.toml", b"good")


@pytest.mark.parametrize("prefix", ["", "./", "exam/", "exam\\"])
@pytest.mark.parametrize("compression", [DEFLATED, zipfile.ZIP_STORED])
def test_a_zip_is_read_like_a_folder(tmp_path, prefix, compression):
    data = zipped((f"{prefix}answers.toml", b"a\r\n"), (f"{prefix}solution.py", b"b"), compression=compression)
    submission = only(tmp_path, data)
    assert (submission.answers, submission.solution, submission.problems) == (b"a\r\n", b"b", ())


def test_folder_and_zip_have_one_digest(tmp_path):
    (tmp_path / "s02").mkdir()
    (tmp_path / "s02" / "answers.toml").write_bytes(b"good")
    first, second = intake(tmp_path, zipped(GOOD), "S01.ZIP").submissions
    assert (first.student, second.student) == ("s01", "s02")
    assert first.digest == second.digest


def test_a_folder_wins_over_a_zip(tmp_path):
    (tmp_path / "S01").mkdir()
    (tmp_path / "S01" / "answers.toml").write_bytes(b"folder")
    found = intake(tmp_path, zipped(GOOD))
    assert [s.answers for s in found.submissions] == [b"folder"]
    assert found.problems == (Problem(place="s01.zip", reason="a second hand-in of 's01': S01 was read, this was not"),)


def test_a_zip_off_the_roster_is_told(tmp_path):
    (problem,) = intake(tmp_path, zipped(GOOD), "s03.zip").problems
    assert problem.place == "s03.zip"
    assert "nearest id is" in problem.reason


def test_what_a_mac_adds_is_passed_over(tmp_path):
    data = zipped(GOOD, ("__MACOSX/._answers.toml", b"x"), (".DS_Store", b"x"), ("__MACOSX/answers.toml", b"x"))
    assert (only(tmp_path, data).answers, only(tmp_path, data).problems) == (b"good", ())


@pytest.mark.parametrize(
    "name",
    ["../answers.toml", "a/../../answers.toml", "/answers.toml", "C:\\answers.toml", "..\\answers.toml", "a/.."],
)
def test_members_outside_are_refused(tmp_path, name):
    submission = only(tmp_path, zipped((name, b"evil"), ("solution.py", b"good")))
    assert (submission.answers, submission.solution) == (None, b"good")
    assert [r.phrase for r in submission.problems] == ["zip-member-outside"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["s01.zip"]


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_links_and_devices_are_refused(tmp_path, kind):
    submission = only(tmp_path, zipped((unix("answers.toml", kind | 0o777), b"/etc/passwd")))
    assert submission.answers is None
    assert reasons(submission) == [("not-a-regular-file", {"name": "answers.toml", "count": "1"})]


def test_many_refused_members_are_one_reason(tmp_path):
    submission = only(tmp_path, zipped(GOOD, *((f"../{n}", b"") for n in range(50))))
    assert submission.answers == b"good"
    assert reasons(submission) == [("zip-member-outside", {"name": "../0", "count": "50"})]


def test_encrypted_members_are_refused(tmp_path):
    data = bytearray(zipped(GOOD))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert reasons(only(tmp_path, bytes(data))) == [("zip-member-encrypted", {"name": "answers.toml", "count": "1"})]


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compressions_are_refused(tmp_path, compression):
    submission = only(tmp_path, zipped(GOOD, compression=compression))
    assert reasons(submission) == [("zip-member-compression", {"name": "answers.toml", "count": "1"})]


def test_one_name_twice_is_not_chosen_between(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped(GOOD, ("answers.toml", b"other"))
    assert reasons(only(tmp_path, data)) == [
        ("two-candidates", {"name": "answers.toml", "paths": "answers.toml, answers.toml"})
    ]


def test_two_folders_deeper_is_too_deep(tmp_path):
    submission = only(tmp_path, zipped(("a/b/answers.toml", b"x"), ("solution.py", b"x")))
    assert reasons(submission) == [("file-too-deep", {"name": "answers.toml", "path": "a/b/answers.toml"})]


@pytest.mark.parametrize("data", [b"", b"Rar!\x1a\x07", b"PK\x05\x06", zipped(GOOD)[:-4], b"PK\x03\x04" * 100])
def test_no_zip(tmp_path, data):
    submission = only(tmp_path, data)
    assert (submission.answers, submission.solution) == (None, None)
    assert reasons(submission) == [("not-a-zip", {"name": "s01.zip"})]


def test_a_member_without_a_name_is_passed_over(tmp_path):
    data = zipped(GOOD, ("solution.py", b"x")).replace(b"solution.py", b"\0olution.py")
    assert (only(tmp_path, data).answers, only(tmp_path, data).problems) == (b"good", ())


def test_an_empty_zip(tmp_path):
    assert reasons(only(tmp_path, zipped())) == [("empty-hand-in", {})]


def test_a_broken_member_costs_only_itself(tmp_path):
    data = zipped(("answers.toml", b"0123456789"), ("solution.py", b"good"), compression=zipfile.ZIP_STORED)
    submission = only(tmp_path, data.replace(b"0123456789", b"012345678x"))
    assert submission.solution == b"good"
    assert reasons(submission) == [("zip-member-broken", {"name": "answers.toml", "count": "1"})]


def test_too_many_members(tmp_path):
    at_limit = [GOOD, *((f"{n}", b"") for n in range(MAX_MEMBERS - 1))]
    assert only(tmp_path, zipped(*at_limit)).answers == b"good"
    over = only(tmp_path, zipped(*at_limit, ("more", b"")))
    assert reasons(over) == [("too-many-files", {"name": "s01.zip", "limit": "200"})]


def test_members_are_counted_before_they_are_listed(tmp_path, time_limit):
    central = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    directory = central * (MAX_TOTAL_BYTES // len(central) - 1)
    data = directory + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), 0, 0)
    tracemalloc.start()
    with time_limit(seconds=5):
        assert reasons(only(tmp_path, data)) == [("too-many-files", {"name": "s01.zip", "limit": "200"})]
    assert tracemalloc.get_traced_memory()[1] < 5 * MAX_TOTAL_BYTES
    tracemalloc.stop()


def test_more_than_the_total_is_refused(tmp_path):
    data = zipped(GOOD, ("weights.bin", bytes(MAX_TOTAL_BYTES)))
    assert len(data) < MIB
    assert reasons(only(tmp_path, data)) == [("zip-too-large", {"name": "s01.zip", "limit": "20 MiB"})]
    assert only(tmp_path, zipped(GOOD, ("weights.bin", bytes(MAX_TOTAL_BYTES - 4)))).answers == b"good"


def test_a_zip_larger_than_the_total_is_not_read(tmp_path):
    submission = only(tmp_path, zipped(("x", os.urandom(MAX_TOTAL_BYTES)), compression=zipfile.ZIP_STORED))
    assert reasons(submission) == [("file-too-large", {"name": "s01.zip", "limit": "20 MiB"})]


@pytest.mark.parametrize("told", [None, 10])
def test_a_bomb_is_not_inflated(tmp_path, told):
    """A member of 15 MiB that admits its size, and a member of 200 MiB that claims 10 bytes."""
    data = zipped(("solution.py", bytes(15 * MIB))) if told is None else bomb(200 * MIB, told)
    assert len(data) < 2 * MIB
    tracemalloc.start()
    submission = only(tmp_path, data)
    assert tracemalloc.get_traced_memory()[1] < 2 * MAX_TOTAL_BYTES
    tracemalloc.stop()
    assert submission.solution is None
    assert [r.phrase for r in submission.problems] == ["file-too-large" if told is None else "zip-member-broken"]


def bomb(size, told):
    """Return a zip whose one member inflates to `size` bytes but says `told`."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(packer.compress(bytes(MIB)) for _ in range(size // MIB)) + packer.flush()
    name = b"solution.py"
    fields = (20, 0, 8, 0, 0, 0, len(packed), told, len(name), 0)
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", *fields) + name + packed
    central = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, *fields, 0, 0, 0, 0, 0) + name
    return local + central + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(central), len(local), 0)


def test_a_file_over_the_limit(tmp_path):
    submission = only(
        tmp_path, zipped(("solution.py", b"a" * (MAX_FILE_BYTES + 1)), ("answers.toml", b"a" * MAX_FILE_BYTES))
    )
    assert len(submission.answers) == MAX_FILE_BYTES
    assert reasons(submission) == [("file-too-large", {"name": "solution.py", "limit": "1 MiB"})]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.binary(min_size=1, max_size=4)), max_size=6), st.integers(0, 30))
def test_a_damaged_zip_never_raises(tmp_path, damages, cut):
    data = bytearray(zipped(GOOD, ("exam/solution.py", b"x = 1\n" * 20), ("é.txt", b"")))
    for at, new in damages:
        data[at : at + len(new)] = new
    assert len(intake(tmp_path, bytes(data[: len(data) - cut])).submissions) == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(st.binary(max_size=200))
def test_random_bytes_never_raise(tmp_path, data):
    assert len(intake(tmp_path, data).submissions) == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12),
        max_size=5,
        unique=True,
    )
)
def test_any_names_never_raise(tmp_path, names):
    assert len(intake(tmp_path, zipped(*((name, b"x") for name in names))).submissions) == 1
