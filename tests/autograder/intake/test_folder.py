import os
import socket
import unicodedata

import pytest

from autograder.intake import Problem, collect
from autograder.intake import directory as directories
from autograder.intake.directory import Directory
from autograder.intake.limits import MAX_FILE_BYTES
from autograder.intake.source import RefusedError
from quizgen.errors import InstructorError

ROSTER = ("s01", "s02", "Zoë")


@pytest.fixture
def put(tmp_path):
    def write(path, data=b"x"):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        return file

    return write


def only(root):
    (submission,) = collect(root, ROSTER).submissions
    return submission


def reasons(submission):
    return [(r.phrase, r.values) for r in submission.problems]


def test_both_files_as_they_are(tmp_path, put):
    put("s02/answers.toml", b"\xff\r\n")
    put("s02/solution.py", b"print()")
    intake = collect(tmp_path, ROSTER)
    (submission,) = intake.submissions
    assert (submission.student, submission.answers, submission.solution) == ("s02", b"\xff\r\n", b"print()")
    assert (submission.problems, intake.problems) == ((), ())


def test_either_file_may_be_missing(tmp_path, put):
    put("s01/answers.toml", b"a")
    put("s02/solution.py", b"a")
    first, second = collect(tmp_path, ROSTER).submissions
    assert (first.answers, first.solution, first.problems) == (b"a", None, ())
    assert (second.answers, second.solution, second.problems) == (None, b"a", ())
    assert first.digest != second.digest


def test_the_digest_depends_on_names_and_bytes_only(tmp_path, put):
    def digest(answers, solution):
        for name, data in (("answers.toml", answers), ("solution.py", solution)):
            (tmp_path / "s01" / name).unlink(missing_ok=True)
            if data is not None:
                put(f"s01/{name}", data)
        return only(tmp_path).digest

    put("s01/other", b"")
    contents = [(None, None), (b"", None), (None, b""), (b"", b""), (b"ab", b"c"), (b"a", b"bc"), (b"solution.py", b"")]
    digests = [digest(*c) for c in contents]
    assert len(set(digests)) == len(contents)
    assert digest(b"a", b"bc") == digests[5]
    assert all(len(d) == 64 for d in digests)


def test_hand_ins_come_in_roster_order(tmp_path, put):
    for student in ("Zoë", "s02", "s01"):
        put(f"{student}/answers.toml")
    assert [s.student for s in collect(tmp_path, ("s02", "Zoë", "s01", "s02")).submissions] == ["s02", "Zoë", "s01"]


@pytest.mark.parametrize("name", ["S01", "s01 ", " s01"])
def test_names_match_without_regard_to_case(tmp_path, put, name):
    put(f"{name}/answers.toml")
    assert only(tmp_path).student == "s01"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_names_match_whatever_the_file_system_did_to_accents(tmp_path, put, form):
    put(unicodedata.normalize(form, "ZOË") + "/answers.toml")
    assert only(tmp_path).student == "Zoë"


def test_a_name_off_the_roster_is_told_with_the_nearest(tmp_path, put):
    put("so1/answers.toml")
    put("instructor/answers.toml")
    intake = collect(tmp_path, ROSTER)
    assert intake.submissions == ()
    assert intake.problems == (
        Problem(place="instructor", reason="not on the roster: not read"),
        Problem(place="so1", reason="not on the roster; the nearest id is 's01': not read"),
    )


def test_two_folders_of_one_student(tmp_path, put):
    put("s01/answers.toml", b"exact")
    put("S01/answers.toml", b"other")
    intake = collect(tmp_path, ROSTER)
    assert [s.answers for s in intake.submissions] == [b"exact"]
    assert intake.problems == (Problem(place="S01", reason="a second hand-in of 's01': s01 was read, this was not"),)


def test_ids_that_differ_only_in_case(tmp_path, put):
    for name in ("ann", "ANN"):
        put(f"{name}/answers.toml", name.encode())
    intake = collect(tmp_path, ("ann", "Ann"))
    assert [(s.student, s.answers) for s in intake.submissions] == [("ann", b"ann")]
    assert intake.problems == (
        Problem(place="ANN", reason="could be any of ann, Ann: rename it to one of them exactly: not read"),
    )


def test_what_the_operating_system_leaves_is_passed_over(tmp_path, put):
    for junk in (".DS_Store", "__MACOSX/s01/answers.toml", ".git/config", "Thumbs.db"):
        put(junk)
        put(f"s01/{junk}")
    put("s01/answers.toml", b"a")
    put("s01/.hidden/answers.toml", b"b")
    intake = collect(tmp_path, ROSTER)
    assert intake.problems == ()
    assert [(s.answers, s.problems) for s in intake.submissions] == [(b"a", ())]


def test_other_files_are_told(tmp_path, put):
    put("s01.7z")
    put("roster.csv")
    assert [p.place for p in collect(tmp_path, ROSTER).problems] == ["roster.csv", "s01.7z"]


def test_no_folder_of_hand_ins(tmp_path, put):
    with pytest.raises(InstructorError, match="no such folder of hand-ins"):
        collect(tmp_path / "missing", ROSTER)
    with pytest.raises(InstructorError, match="Not a directory"):
        collect(put("file"), ROSTER)


@pytest.mark.parametrize("name", ["answers.toml", "Answers.TOML"])
def test_one_folder_deeper(tmp_path, put, name):
    put(f"s01/exam/{name}", b"a")
    assert (only(tmp_path).answers, only(tmp_path).problems) == (b"a", ())


def test_two_folders_deeper_is_too_deep(tmp_path, put):
    put("s01/a/b/answers.toml")
    assert reasons(only(tmp_path)) == [("empty-hand-in", {})]


def test_the_file_at_the_top_goes_first(tmp_path, put):
    put("s01/answers.toml", b"top")
    put("s01/old/answers.toml", b"old")
    assert only(tmp_path).answers == b"top"
    assert reasons(only(tmp_path)) == [("extra-candidate", {"name": "answers.toml", "others": "old/answers.toml"})]


def test_copies_that_a_browser_numbered_are_named(tmp_path, put):
    for name in ("answers.toml", "answers (1).toml", "my-answers.toml", "solution.py", "solution_2.py"):
        put(f"s01/{name}", name.encode())
    assert only(tmp_path).answers == b"answers.toml"
    assert reasons(only(tmp_path)) == [
        ("numbered-copies", {"name": "answers.toml", "others": "answers (1).toml"}),
        ("numbered-copies", {"name": "solution.py", "others": "solution_2.py"}),
    ]


@pytest.mark.parametrize("paths", [("a/answers.toml", "b/answers.toml"), ("ANSWERS.toml", "answers.toml")])
def test_two_candidates_are_not_chosen_between(tmp_path, put, paths):
    for path in paths:
        put(f"s01/{path}")
    assert only(tmp_path).answers is None
    assert reasons(only(tmp_path)) == [("two-candidates", {"name": "answers.toml", "paths": ", ".join(paths)})]


@pytest.mark.parametrize("found", ["answers.toml.txt", "answers (1).toml", "answer.toml", "exam/Answers.txt"])
def test_a_slip_in_a_files_name_is_told(tmp_path, put, found):
    put(f"s01/{found}")
    put("s01/solution.py")
    assert reasons(only(tmp_path)) == [("misnamed-file", {"name": "answers.toml", "found": found})]


def test_neither_file(tmp_path, put):
    put("s01/essay.docx")
    put("s01/photo.jpg")
    (tmp_path / "s02").mkdir()
    first, second = collect(tmp_path, ROSTER).submissions
    assert reasons(first) == [("no-files", {"found": "essay.docx, photo.jpg"})]
    assert reasons(second) == [("empty-hand-in", {})]


def test_a_file_over_the_limit(tmp_path, put):
    put("s01/answers.toml", b"a" * MAX_FILE_BYTES)
    put("s01/solution.py", b"a" * (MAX_FILE_BYTES + 1))
    assert len(only(tmp_path).answers) == MAX_FILE_BYTES
    assert only(tmp_path).solution is None
    assert reasons(only(tmp_path)) == [("file-too-large", {"name": "solution.py", "limit": "1 MiB"})]


def test_links_are_not_followed(tmp_path, put):
    secret = put("outside/answers.toml", b"secret")
    root = tmp_path / "hand-ins"
    (root / "s01").mkdir(parents=True)
    (root / "s01" / "answers.toml").symlink_to(secret)
    (root / "s01" / "folder").symlink_to(secret.parent)
    (root / "s02").symlink_to(secret.parent)
    intake = collect(root, ROSTER)
    assert intake.problems == (Problem(place="s02", reason="neither a folder nor a .zip file: not read"),)
    (submission,) = intake.submissions
    assert (submission.answers, submission.solution) == (None, None)
    assert reasons(submission) == [("not-a-regular-file", {"name": "answers.toml", "count": "2"})]


def test_pipes_and_sockets_are_not_opened(tmp_path, time_limit, monkeypatch):
    folder = tmp_path / "s01"
    folder.mkdir()
    os.mkfifo(folder / "answers.toml")
    monkeypatch.chdir(folder)
    with socket.socket(socket.AF_UNIX) as listening, time_limit(seconds=5):
        listening.bind("solution.py")
        assert reasons(only(tmp_path)) == [("not-a-regular-file", {"name": "answers.toml", "count": "2"})]


def test_a_file_that_becomes_a_link_after_it_was_listed(tmp_path, put):
    file = put("s01/answers.toml")
    folder = Directory(file.parent)
    file.unlink()
    file.symlink_to("/etc/hostname")
    with pytest.raises(RefusedError, match="file-not-readable"):
        folder.read("answers.toml")
    file.unlink()
    os.mkfifo(file)
    with pytest.raises(RefusedError, match="not-a-regular-file"):
        folder.read("answers.toml")


def test_names_that_are_no_text(tmp_path, put):
    put(os.fsdecode(b"s01/answers.tom\xff"))
    put(os.fsdecode(b"s0\xff\n\x1b[31m/answers.toml"))
    intake = collect(tmp_path, ROSTER)
    assert [p.place for p in intake.problems] == ["s0���[31m"]
    assert reasons(intake.submissions[0]) == [("misnamed-file", {"name": "answers.toml", "found": "answers.tom�"})]


def test_a_folder_with_too_many_files(tmp_path, put, monkeypatch):
    monkeypatch.setattr(directories, "MAX_ENTRIES", 20)
    for number in range(19):
        put(f"s01/sub/{number}")
    assert reasons(only(tmp_path)) == [("no-files", {"found": "sub/0, sub/1, sub/10, sub/11, sub/12, …"})]
    put("s01/20")
    assert reasons(only(tmp_path)) == [("too-many-files", {"name": "s01", "limit": "20"})]
