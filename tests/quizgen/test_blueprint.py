"""exam.toml and roster.csv: what is accepted, and what each bad input is told."""

import pytest

from quizgen.blueprint import read_blueprint, read_roster
from quizgen.errors import InstructorError

PLAIN = 'title = "T"\nseed = 1\n\n[[sections]]\ntopic = "pooling"\n'


@pytest.fixture
def blueprint(tmp_path):
    """Return a function that reads a blueprint from text or bytes."""

    def read(text, **options):
        path = tmp_path / "exam.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_blueprint(path, **options)

    return read


@pytest.fixture
def roster(tmp_path):
    """Return a function that reads a roster from text or bytes."""

    def read(text):
        path = tmp_path / "roster.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_roster(path)

    return read


def refused(read, text):
    """Return the message that this input is refused with."""
    with pytest.raises(InstructorError) as error:
        read(text)
    return str(error.value)


def test_a_whole_blueprint(blueprint):
    read = blueprint(
        'title = "Midterm"\nseed = 7\nlanguage = "zh"\nminutes = 90\n[notes]\nen = "Hello"\n'
        '[[sections]]\ntopic = "pooling"\nkind = "numeric"\nlevel = 1\npick = 2\npoints = 2.5\nask = "final"\n'
        'vary = true\n[[sections]]\nquestions = ["pooling/maximum"]\n'
    )
    first, second = read.sections
    assert (read.title, read.seed, read.language, read.minutes, read.notes) == ("Midterm", 7, "zh", 90, {"en": "Hello"})
    assert (first.topic, first.kind, first.level, first.pick, first.points) == ("pooling", "numeric", 1, 2, 2.5)
    assert (first.ask, first.vary) == ("final", True)
    assert (second.questions, second.points, second.ask, second.vary) == (("pooling/maximum",), 1, "steps", False)


def test_a_seed_stands_in_for_the_files_own(blueprint):
    assert blueprint(PLAIN, seed=99).seed == 99
    assert blueprint(PLAIN.replace("seed = 1\n", ""), seed=3).seed == 3


@pytest.mark.parametrize("text", [b"\xef\xbb\xbf" + PLAIN.encode(), PLAIN.replace("\n", "\r\n").encode()])
def test_what_editors_on_windows_write(blueprint, text):
    assert blueprint(text).sections[0].topic == "pooling"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (PLAIN.replace('"T"', '"T'), ["line 1", "column"]),
        (PLAIN + 'points = 1\npoints = 2\n[["x"', ["line"]),
        (PLAIN.replace('title = "T"\n', ""), ["'title' is missing"]),
        (PLAIN.replace("seed = 1\n", ""), ["'seed' is missing"]),
        ('title = "T"\nseed = 1\n', ["'sections' is missing"]),
        ('title = "T"\nseed = 1\nsections = []\n', ["[[sections]]"]),
        (PLAIN.replace("seed = 1", 'seed = "one"'), ["seed: wanted a whole number, got a text"]),
        (PLAIN.replace("seed", "sead"), ["no key 'sead'", "did you mean 'seed'?"]),
        (PLAIN.replace("[[sections]]", "[[section]]"), ["no key 'section'", "a line [[sections]]"]),
        (PLAIN.replace("[[sections]]", "[sections]"), ["a line [[sections]]"]),
        ("deadline = 2026-11-30T23:59:00Z\n" + PLAIN, ["no key 'deadline'", "it belongs under [policy]"]),
        (PLAIN + "late_per_day = 3\n", ["section 1: ", "no key 'late_per_day'", "it belongs under [policy]"]),
        (PLAIN + "[policy]\nminutes = 3\n", ["policy: ", "no key 'minutes'", "it belongs above the first table"]),
        (PLAIN + "[policy]\nqqq = 3\n", ["no key 'qqq'", "there are attempts, hand_ins"]),
        (PLAIN + "[notes]\nen = 3\n", ["notes: wanted a text in quotation marks, got a whole number"]),
        (PLAIN + "piont = 3\n", ["section 1: ", "no key 'piont'", "did you mean 'points'?"]),
        (PLAIN + 'kind = "essay"\n', ["section 1.kind: there is no 'essay'; wanted one of numeric, concept, code"]),
        (PLAIN + 'ask = "all"\n', ["section 1.ask: there is no 'all'; wanted one of steps, final"]),
        (PLAIN + 'points = "two"\n', ["section 1.points: wanted a number, got a text"]),
        (PLAIN + "points = 0\n", ["section 1", "points is 0"]),
        (PLAIN + "points = -2\n", ["section 1", "points is -2"]),
        (PLAIN + "points = nan\n", ["section 1", "points is nan"]),
        (PLAIN + "points = inf\n", ["section 1", "points is inf"]),
        (PLAIN + "pick = 0\n", ["section 1", "pick is 0"]),
        (PLAIN + 'questions = ["a/b"]\n', ["section 1", "either a topic or questions"]),
        (PLAIN + "[[sections]]\npoints = 2\n", ["section 2", "either a topic or questions"]),
        (
            PLAIN + '[[sections]]\nquestions = ["a/b", "a/c", "a/b"]\n',
            ["section 2", "'a/b'", "more than once"],
        ),
        ('language = "fr"\n' + PLAIN, ["language is 'fr'", "en, zh"]),
        (PLAIN + '[notes]\nfr = "Bonjour"\n', ["notes", "'fr'", "en, zh"]),
        ("minutes = -5\n" + PLAIN, ["minutes is -5"]),
        ("minutes = nan\n" + PLAIN, ["minutes is nan"]),
        (PLAIN.replace('"T"', '"one\\ntwo"'), ["title", "one line"]),
        (PLAIN.replace('"T"', '" "'), ["title", "empty"]),
        (b'title = "caf\xe9"\n', ["not UTF-8", "byte 12"]),
    ],
)
def test_a_bad_blueprint_is_told_its_place_and_value(blueprint, text, told):
    message = refused(blueprint, text)
    assert "exam.toml: " in message
    for part in told:
        assert part in message


@pytest.mark.parametrize("read", [read_blueprint, read_roster])
def test_files_that_cannot_be_opened(tmp_path, read):
    assert refused(read, tmp_path / "nothing") == f"{tmp_path / 'nothing'}: no such file"
    assert refused(read, tmp_path) == f"{tmp_path}: is a folder, not a file"


def test_a_whole_roster(roster):
    ada, bo = roster("name, student ,email,language,extra_time,seat\nAda,s1,a@x.org,zh,15,4\n Bo ,s2,,,,\n")
    assert (ada.student, ada.name, ada.email, ada.language, ada.extra_time) == ("s1", "Ada", "a@x.org", "zh", 15)
    assert (bo.student, bo.name, bo.email, bo.language, bo.extra_time) == ("s2", "Bo", "", "", 0)


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbfstudent,name\ns1,Ada\n",
        b"student,name\r\ns1,Ada\r\n",
        b'"student","name"\n"s1","Ada"\n\n,\n',
        b"student,name\ns1,Ada",
        b"student,name\rs1,Ada\r",
        b"\xef\xbb\xbfstudent;name;extra_time\r\ns1;Ada;\r\n",
        "student\tname\r\ns1\tAda\r\n".encode("utf-16"),
        b"Student,NAME,E-Mail,Extra time,Language\ns1,Ada,a@x.org,15,EN\n",
    ],
)
def test_what_spreadsheets_write(roster, text):
    assert [(s.student, s.name) for s in roster(text)] == [("s1", "Ada")]


def test_names_are_free(roster):
    names = ["<script>alert(1)</script>", '"O\'Neil & Søn"', "李，雷", "张　三", "x" * 300]
    rows = "".join(f's{n},"{name.replace(chr(34), chr(34) * 2)}"\n' for n, name in enumerate(names))
    assert [s.name for s in roster("student,name\n" + rows)] == names


def test_a_student_without_a_name_is_called_by_id(roster):
    assert roster("student,name\ns1,\n")[0].name == "s1"


@pytest.mark.parametrize("student", ["s1", "Ada.L", "a-b_c", "李雷", "a b", "2026001", "x" * 64])
def test_ids_that_can_name_a_folder(roster, student):
    assert roster(f"student,name\n{student},N\n")[0].student == student


@pytest.mark.parametrize("student", ["a/b", "..", ".hidden", "a\\b", "a:b", "a*", "a?", "<a>", "a|b", "x" * 65, "a\tb"])
def test_ids_that_cannot_name_a_folder(roster, student):
    message = refused(roster, f"student,name\nok,N\n{student},N\n")
    assert "roster.csv:3: " in message
    assert repr(student) in message
    assert "cannot name a folder" in message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("student\ns1\n", [":1: ", "no column 'name'", "'student', 'name'"]),
        ("id,name\ns1,Ada\n", [":1: ", "no column 'student'"]),
        ("", [":1: ", "no column 'student'"]),
        ("sep=;\nstudent;name\ns1;Ada\n", [":1: ", "no column 'student'", "it names 'sep='"]),
        ("学号,姓名\n1,何雨桐\n", [":1: ", "no column 'student'", "it names '学号', '姓名'"]),
        ("student,name\n", ["names no students"]),
        ("student,name\n,\n\n", ["names no students"]),
        ("student,name\ns1,Ada\n,Bo\n", [":3: ", "the student id is empty", "'Bo'"]),
        ("student,name\ns1,Ada\ns2,Bo\ns1,Cy\n", ["'s1' stands more than once", "lines 2, 4"]),
        ("student,name\nAda,A\n\nada,B\n", ["stands more than once", "lines 2, 4"]),
        ('student,name\ns1,"A\n"\ns2,B\ns2,C\n', ["'s2' stands more than once", "lines 4, 5"]),
        ("student,name\nstraße,A\nSTRASSE,B\n", ["stands more than once", "lines 2, 3"]),
        ("student,name,language\ns1,A,en\ns2,B,fr\n", [":3: ", "language is 'fr'", "en, zh"]),
        ("student,name,extra_time\ns1,A,ten\n", [":2: ", "extra_time is 'ten'", "minutes such as 15"]),
        ("student,name,extra_time\ns1,A,-5\n", [":2: ", "extra_time is '-5'"]),
        ("student,name,extra_time\ns1,A,nan\n", [":2: ", "extra_time is 'nan'"]),
        ("student,name,extra_time\ns1,A,inf\n", [":2: ", "extra_time is 'inf'"]),
        ('student,name\ns1,"Ada\nLovelace"\n', [":3: ", "name", "one line"]),
        ("student,name\ns1,Ada\x07\n", [":2: ", "name", "one line"]),
        ('student,name\ns1,"Ada\n', [":2: "]),
        (b"student,name\ns1,J\xfcrgen\n", ["not UTF-8", "byte 17"]),
    ],
)
def test_a_bad_roster_is_told_its_line_and_value(roster, text, told):
    message = refused(roster, text)
    assert "roster.csv" in message
    for part in told:
        assert part in message


TWO = 'title = "T"\nseed = 1\n[policy]\n{}\n[[sections]]\ntopic = "pooling"\npick = 2\n'


def test_a_whole_policy(blueprint):
    read = blueprint(
        TWO.format(
            'attempts = "best"\ndeadline = 2026-11-30T23:59:00+01:00\n'
            "late_per_day = 10\ngrace_minutes = 15\nbonus = [2]"
        )
    )
    found = read.policy
    assert (found.attempts, found.late_per_day, found.grace_minutes, found.bonus) == ("best", 10, 15, (2,))
    assert found.deadline is not None
    assert found.deadline.isoformat() == "2026-11-30T23:59:00+01:00"
    assert read.slots == 2


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ('attempts = "middle"', "attempts: there is no 'middle'; wanted one of first, last, best, average"),
        ("deadline = 2026-11-30T23:59:00", "no time zone"),
        (
            'deadline = "Monday"',
            "policy.deadline: wanted a time without quotation marks, such as 2026-11-30",
        ),
        ("opens = 2026-11-30T23:59:00", "opens is 2026-11-30T23:59:00, which has no time zone"),
        (
            "opens = 2026-11-30T10:00:00Z\ndeadline = 2026-11-30T10:00:00+01:00",
            "opens at 2026-11-30T10:00:00+00:00, which is not before the deadline",
        ),
        ('release = "after_deadline"', "release is 'after_deadline', but there is no deadline"),
        ('release = "soon"', "there is no 'soon'; wanted one of at_once, after_deadline, by_hand, never"),
        ("hand_ins = -1", "hand_ins is -1, wanted 0"),
        ("late_per_day = 10", "late_per_day is 10, but there is no deadline"),
        ("late_per_day = 101", "late_per_day is 101, wanted a percentage from 0 to 100"),
        ("grace_minutes = -1", "grace_minutes is -1, wanted 0 or more"),
        ("dropped = [3]", "dropped names item 3; the items are 1 to 2"),
        ("bonus = [0]", "bonus names item 0; the items are 1 to 2"),
        ("dropped = [1]\nbonus = [1]", "item 1 cannot be both dropped and bonus"),
        ("dropped = [1]\nbonus = [2]", "every item is dropped or bonus"),
        ("late = 1", "no key 'late'; there are attempts, hand_ins"),
    ],
)
def test_policies_that_cannot_be_followed(blueprint, lines, told):
    assert told in refused(blueprint, TWO.format(lines))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("student,name\ns1,Doe, Ann\n", "roster.csv:2: more cells than columns, from ' Ann' on"),
        ("student,name,name\ns1,Ann,Doe\n", "roster.csv:1: column 'name' stands more than once"),
    ],
)
def test_cells_that_would_be_lost_are_refused(roster, text, told):
    assert told in refused(roster, text)


def test_headings_are_read_as_people_write_them(roster):
    (found,) = roster("Student;Name;E-Mail;Extra time;LANGUAGE\n007;Müßig, Jürgen;j@x.org;15;EN\n")
    assert (found.student, found.name, found.email) == ("007", "Müßig, Jürgen", "j@x.org")
    assert (found.extra_time, found.language) == (15, "en")


def test_empty_cells_beyond_the_columns_lose_nothing(roster):
    assert [s.name for s in roster("student,name,,\ns1,Ann,,,\n")] == ["Ann"]


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 5000], ids=["digits", "brackets"])
def test_what_the_toml_parser_itself_cannot_bear(blueprint, value):
    assert "exam.toml: " in refused(blueprint, f"{PLAIN}\n[notes]\nen = {value}\n")
