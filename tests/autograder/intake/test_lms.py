import io
import os
import zipfile
from datetime import UTC, datetime

import pytest

from autograder.intake import Person, collect
from autograder.intake.lms import read_label
from autograder.intake.roster import spellings

ROSTER = (
    Person(student="s01", name="Ada Okafor", email="ada@x.edu"),
    Person(student="s02", name="何雨桐", email="he@x.edu"),
    Person(student="s03", name="José Ángel Núñez-Ñandú", email="jose@x.edu"),
    Person(student="s04", name="Søren O'Neil"),
    Person(student="s05", name="Li Wei"),
    Person(student="s06", name="Wei Li"),
)


def put(root, files):
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)


def zipped(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def found(root):
    return {s.student: (s.answers, s.solution) for s in collect(root, ROSTER).submissions}


def problems(root):
    return {p.place: p.reason for p in collect(root, ROSTER).problems}


MOODLE = {
    "Ada Okafor_12345_assignsubmission_file_/answers.toml": b"ada",
    "雨桐 何_12346_assignsubmission_file_/answers.toml": b"he",
    "Jose Angel Nunez Nandu_12347_assignsubmission_file_/hand in.zip": zipped({"x/solution.py": b"jose"}),
    "Soren O’Neil_12348_assignsubmission_file_solution.py": b"soren",
    "Soren O’Neil_12348_assignsubmission_file_answers.toml": b"answers",
}
CANVAS = {
    "okaforada_111_222_answers.toml": b"ada",
    "okaforada_111_223_solution-2.py": b"code",
    "何雨桐_LATE_112_224_my work.py": b"he",
    "nuneznandujoseangel_113_225_handin.zip": zipped({"answers.toml": b"jose"}),
}
METADATA = b"""---
submission_9001:
  :submitters:
  - :name: Somebody Else
    :sid: S01
    :email: other@x.edu
  :created_at: 2026-11-23 10:00:00.000000000 Z
  :results: !ruby/object:Thing {a: 1}
submission_9002:
  :submitters:
  - :name: "\\u4F55\\u96E8\\u6850"
    :sid: '0042'
    :email: unknown@x.edu
  - :name: x
    :sid:
    :email: JOSE@x.edu
"""
GRADESCOPE = {
    "submission_metadata.yml": METADATA,
    "submission_9001/answers.toml": b"ada",
    "submission_9002/solution.py": b"together",
}


@pytest.mark.parametrize("how", ["folder", "zip", "zip with one folder"])
@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        (
            MOODLE,
            {"s01": (b"ada", None), "s02": (b"he", None), "s03": (None, b"jose"), "s04": (b"answers", b"soren")},
        ),
        (CANVAS, {"s01": (b"ada", b"code"), "s02": (None, b"he"), "s03": (b"jose", None)}),
        (GRADESCOPE, {"s01": (b"ada", None), "s02": (None, b"together"), "s03": (None, b"together")}),
        (
            {
                "s01/answers.toml": b"ada",
                "S02.py": b"he",
                "jose@x.edu/solution.py": b"jose",
                "s04.zip": zipped({"answers.toml": b"soren"}),
            },
            {"s01": (b"ada", None), "s02": (None, b"he"), "s03": (None, b"jose"), "s04": (b"soren", None)},
        ),
    ],
    ids=["moodle", "canvas", "gradescope", "ids"],
)
def test_downloads_as_they_are(tmp_path, files, wanted, how):
    root = tmp_path / "in"
    if how == "folder":
        put(root, files)
    else:
        root = tmp_path / "in.zip"
        prefix = "assignment_1_export/" if how == "zip with one folder" else ""
        root.write_bytes(zipped({prefix + name: data for name, data in files.items()}))
    assert found(root) == wanted
    assert problems(root) == {}


def test_a_late_hand_in_says_so(tmp_path):
    put(tmp_path, CANVAS)
    notes = {s.student: [p.phrase for p in s.problems] for s in collect(tmp_path, ROSTER).submissions}
    assert notes == {"s01": [], "s02": ["marked-late"], "s03": []}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-11-23 10:00:00.000000000 Z", datetime(2026, 11, 23, 10, tzinfo=UTC)),
        ("2026-11-23 10:00:00.861687000 -04:00", datetime(2026, 11, 23, 14, 0, 0, 861687, tzinfo=UTC)),
        ("2026-11-23T10:00:00+01:00", datetime(2026, 11, 23, 9, tzinfo=UTC)),
        ("2026-11-23 10:00:00", datetime(2026, 11, 23, 10, tzinfo=UTC)),
        ("'2026-11-23 10:00:00 Z'", datetime(2026, 11, 23, 10, tzinfo=UTC)),
        ("yesterday", None),
        ("", None),
        ("0001-01-01 00:00:00 +23:59", None),
        ("{a: 1}", None),
        ("12", None),
    ],
)
def test_gradescope_says_when_a_hand_in_came(tmp_path, text, wanted):
    """Written as in an export of 2026: `:created_at: 2026-04-26 17:34:00.861687000 Z`."""
    people = "  :submitters:\n  - :name: Ada Okafor\n  - :sid: s02\n"
    metadata = f"submission_1:\n{people}  :created_at: {text}\n".encode()
    put(tmp_path, {"submission_metadata.yml": metadata, "submission_1/answers.toml": b"", "s03.py": b"x"})
    intake = collect(tmp_path, ROSTER)
    assert [s.student for s in intake.submissions] == ["s01", "s02", "s03"]
    assert intake.times == ({} if wanted is None else {"s01": wanted, "s02": wanted})


def test_of_two_hand_ins_the_time_is_that_of_the_one_read(tmp_path):
    metadata = b"submission_1:\n  :submitters:\n  - :sid: s01\n  :created_at: 2026-11-23 10:00:00 Z\n"
    put(tmp_path, {"submission_metadata.yml": metadata, "submission_1/answers.toml": b"", "s01/answers.toml": b"id"})
    intake = collect(tmp_path, ROSTER)
    assert (intake.submissions[0].answers, intake.times) == (b"id", {})


def test_times_of_files_are_not_taken_for_times_of_hand_ins(tmp_path):
    put(tmp_path, {**MOODLE, **CANVAS})
    (tmp_path / "in.zip").write_bytes(zipped(CANVAS))
    assert collect(tmp_path, ROSTER).times == collect(tmp_path / "in.zip", ROSTER).times == {}


def test_what_cannot_be_matched_is_told_with_the_reason(tmp_path):
    put(
        tmp_path,
        {
            "Wei Li_1_assignsubmission_file_/answers.toml": b"",
            "Ada Okofor_2_assignsubmission_file_/answers.toml": b"",
            "Participant 77_3_assignsubmission_file_/answers.toml": b"",
            "Ada Okafor_4_assignsubmission_onlinetext_/onlinetext.html": b"",
            "notes.txt": b"",
            "zhangsan_5_6_solution.py": b"",
        },
    )
    told = problems(tmp_path)
    assert found(tmp_path) == {}
    assert "could be any of s05, s06 (the same name)" in told["Wei Li_1_assignsubmission_file_"]
    assert "the nearest name is 'Ada Okafor' (s01)" in told["Ada Okofor_2_assignsubmission_file_"]
    assert "not on the roster" in told["Participant 77_3_assignsubmission_file_"]
    assert "typed into the LMS" in told["Ada Okafor_4_assignsubmission_onlinetext_"]
    assert "neither a folder nor a .zip" in told["notes.txt"]
    assert "not on the roster" in told["zhangsan_5_6_solution.py"]


def test_a_number_of_the_lms_is_never_taken_for_an_id(tmp_path):
    roster = (Person(student="111", name="Bo"), Person(student="222", name="Cy"))
    put(tmp_path, {"okaforada_111_222_answers.toml": b"", "Ada Okafor_111_assignsubmission_file_/answers.toml": b""})
    assert collect(tmp_path, roster).submissions == ()


def test_an_id_that_looks_like_a_pattern_is_an_id(tmp_path):
    put(tmp_path, {"ada_1_2_x/answers.toml": b"a"})
    (submission,) = collect(tmp_path, (Person(student="ada_1_2_x", name="Ada"),)).submissions
    assert submission.answers == b"a"


def test_two_hand_ins_of_one_student(tmp_path):
    put(
        tmp_path,
        {"Ada Okafor_1_assignsubmission_file_/answers.toml": b"lms", "s01.zip": b"", "s01/answers.toml": b"id"},
    )
    assert found(tmp_path) == {"s01": (b"id", None)}
    assert all("a second hand-in of 's01': s01 was read" in reason for reason in problems(tmp_path).values())
    assert len(problems(tmp_path)) == 2


@pytest.mark.parametrize(
    "data", [b"", b"\x00\xff", b"a: [", b"[1, 2]", b"submission_1: 3", b"submission_1: {':submitters': 7}", b"&a [*a]"]
)
def test_broken_metadata_costs_only_the_names(tmp_path, data):
    put(tmp_path, {"submission_metadata.yml": data, "submission_1/answers.toml": b"", "s01/answers.toml": b"a"})
    assert found(tmp_path) == {"s01": (b"a", None)}
    assert "submission_1" in problems(tmp_path)


def test_zips_in_zips_to_a_depth(tmp_path):
    data = zipped({"answers.toml": b"deep"})
    for depth in range(5):
        put(tmp_path, {"s01.zip": data})
        (submission,) = collect(tmp_path, ROSTER).submissions
        if depth <= 3:
            assert (submission.answers, submission.problems) == (b"deep", ())
        else:
            assert submission.answers is None
            assert [p.phrase for p in submission.problems] == ["zips-too-deep"]
        data = zipped({"more.zip": data})


def test_many_zips_and_bombs_in_zips_are_refused_and_the_rest_is_read(tmp_path):
    bomb = zipped({"answers.toml": b"0" * (21 * 1024 * 1024)})
    files = {f"{i}.zip": zipped({f"{i}.txt": b""}) for i in range(20)}
    put(
        tmp_path,
        {
            "s01.zip": zipped({**files, "answers.toml": b"a"}),
            "s02.zip": zipped({"bomb.zip": bomb, "solution.py": b"b"}),
        },
    )
    first, second = collect(tmp_path, ROSTER).submissions
    assert (first.answers, {p.phrase for p in first.problems}) == (b"a", {"zips-too-deep"})
    assert (second.solution, {p.phrase for p in second.problems}) == (b"b", {"zip-too-large"})


def test_a_file_outside_goes_before_one_in_a_zip(tmp_path):
    put(
        tmp_path,
        {"s01/answers.toml": b"outside", "s01/old.zip": zipped({"answers.toml": b"in", "solution.py": b"code"})},
    )
    assert found(tmp_path) == {"s01": (b"outside", b"code")}


def test_members_that_point_outside_of_the_download_are_told(tmp_path):
    root = tmp_path / "in.zip"
    with zipfile.ZipFile(root, "w") as archive:
        archive.writestr("s01/answers.toml", b"a")
        archive.writestr("../evil.py", b"")
        archive.writestr("/etc/passwd", b"")
        link = zipfile.ZipInfo("s01/solution.py")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    intake = collect(root, ROSTER)
    (submission,) = intake.submissions
    assert (submission.answers, submission.solution) == (b"a", None)
    assert [p.phrase for p in submission.problems] == ["not-a-regular-file"]
    assert {p.place for p in intake.problems} == {"../evil.py", "/etc/passwd"}
    assert all("points outside" in p.reason for p in intake.problems)


def test_an_empty_and_an_enormous_file_are_told(tmp_path):
    put(tmp_path, {"s01/answers.toml": b"", "s02/answers.toml": b""})
    os.truncate(tmp_path / "s02" / "answers.toml", 1024**3)
    first, second = collect(tmp_path, ROSTER).submissions
    assert [p.phrase for p in first.problems] == ["empty-file"]
    assert (second.answers, [p.phrase for p in second.problems]) == (None, ["file-too-large"])


def test_links_and_pipes_at_the_top_are_not_followed(tmp_path):
    put(tmp_path, {"real/answers.toml": b"a"})
    (tmp_path / "s01").symlink_to(tmp_path / "real")
    (tmp_path / "s02.py").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "s03.py")
    assert found(tmp_path) == {}
    assert {"s01", "s02.py", "s03.py"} <= problems(tmp_path).keys()


@pytest.mark.parametrize(
    ("name", "owner", "file", "late"),
    [
        ("Ada_B Okafor_12_assignsubmission_file_", "Ada_B Okafor", "", False),
        ("okaforada_LATE_1_2_solution-12.py", "okaforada", "solution.py", True),
        ("okaforada_1_2_my_file_v2.py", "okaforada", "my_file_v2.py", False),
    ],
)
def test_labels(name, owner, file, late):
    label = read_label(name)
    assert (label.owner, label.file, label.late) == (owner, file, late)


def test_names_are_compared_without_accents_case_and_order():
    assert spellings("Núñez, José") & spellings("jose nunez") & spellings("NUNEZJOSE")
    assert spellings("Łukasz Øst") & spellings("ost lukasz")
    assert not spellings("Ada") & spellings("Bo")
    assert len(spellings(" ".join("abcdefgh"))) == 1
