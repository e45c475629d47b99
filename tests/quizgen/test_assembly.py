"""Blueprint, roster and seed make the exam: the same bytes again, other numbers under another seed."""

import hashlib
import itertools

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizgen.assembly import assemble, paper_code
from quizgen.bank import installed
from quizgen.blueprint import Blueprint, Section, Student
from quizgen.crew import Crew
from quizgen.errors import InstructorError
from quizgen.exam_folder import write_folder
from quizgen.model import Ask, Kind

SHELF = installed()
STUDENTS = tuple(Student(student=f"s{n}", name=f"Name {n}") for n in range(6))
MIXED = (
    Section(topic="pooling", kind=Kind.NUMERIC, pick=2, points=3),
    Section(questions=("regularization/weight-decay-step",), ask=Ask.FINAL, points=2),
    Section(topic="activations", kind=Kind.CONCEPT, vary=True),
    Section(questions=("regularization/implement-weight-decay-step",), points=4),
)


def blueprint(*sections, seed=5, **options):
    return Blueprint(title="T", seed=seed, sections=sections or MIXED, **options)


def exam(plan, students=STUDENTS):
    return assemble(plan, students, SHELF, program="test")


def ids(paper):
    return [item.variant.question for item in paper.items]


def contents(folder):
    """Map each file of a folder to the digest of its bytes."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def refused(plan, students=STUDENTS):
    with pytest.raises(InstructorError) as error:
        exam(plan, students)
    return str(error.value)


def test_the_same_input_gives_the_same_exam():
    first, second = (msgspec.json.encode(exam(blueprint())) for _ in range(2))
    assert first == second


def test_the_same_input_gives_the_same_folder_in_any_process(tmp_path, shell):
    plan = tmp_path / "exam.toml"
    plan.write_text(
        'title = "T"\nseed = 5\n[[sections]]\ntopic = "pooling"\npick = 2\nvary = true\n'
        '[[sections]]\nquestions = ["regularization/implement-weight-decay-step", "activations/choose-for-layer"]\n',
        encoding="utf-8",
    )
    roster = tmp_path / "roster.csv"
    roster.write_text("student,name,language\ns1,Ada,en\ns2,李雷,zh\n", encoding="utf-8")
    for folder, hash_seed in (("a", "0"), ("b", "1"), ("c", "4242")):
        made = shell("make", plan, "--roster", roster, "--out", tmp_path / folder, PYTHONHASHSEED=hash_seed)
        assert made.code == 0, made.err
    first = contents(tmp_path / "a")
    assert set(first) == {
        "answer-book.html",
        "exam.json",
        *(f"papers/{s}/{f}" for s in ("s1", "s2") for f in ("answers.toml", "paper.html", "solution.py")),
    }
    assert contents(tmp_path / "b") == first
    assert contents(tmp_path / "c") == first


def test_a_crew_makes_the_same_folder(tmp_path):
    plan, moved = blueprint(), []
    write_folder(exam(plan), tmp_path / "alone")
    with Crew(1) as crew:
        made = assemble(plan, STUDENTS, SHELF, program="test", crew=crew, progress=lambda: moved.append("drawn"))
        write_folder(made, tmp_path / "crew", crew=crew, progress=lambda: moved.append("written"))
    assert contents(tmp_path / "crew") == contents(tmp_path / "alone")
    assert moved == ["drawn"] * len(STUDENTS) + ["written"] * len(STUDENTS)


def test_a_folder_written_over_holds_nothing_of_the_earlier_exam(tmp_path):
    write_folder(exam(blueprint()), tmp_path / "over")
    write_folder(exam(blueprint(seed=6), STUDENTS[:2]), tmp_path / "over")
    write_folder(exam(blueprint(seed=6), STUDENTS[:2]), tmp_path / "new")
    assert contents(tmp_path / "over") == contents(tmp_path / "new")


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**40), st.integers(0, 2**40))
def test_another_seed_gives_other_numbers(one, other):
    givens = [
        exam(blueprint(MIXED[1], seed=seed), STUDENTS[:1]).papers[0].items[0].variant.givens for seed in (one, other)
    ]
    assert (givens[0] == givens[1]) == (one == other)


def test_each_student_gets_other_numbers():
    papers = exam(blueprint()).papers
    drawn = [msgspec.json.encode(paper.items[2].variant.givens) for paper in papers]
    assert len(set(drawn)) == len(papers)


def test_a_paper_does_not_depend_on_who_else_sits_the_exam():
    whole = exam(blueprint())
    alone = exam(blueprint(), STUDENTS[3:4])
    assert alone.papers[0] == whole.papers[3]
    assert alone.keys["s3"] == whole.keys["s3"]


def test_all_get_the_same_questions_unless_a_section_varies():
    papers = exam(blueprint(Section(topic="descent", pick=3))).papers
    assert len({tuple(ids(p)) for p in papers}) == 1
    papers = exam(blueprint(Section(topic="descent", pick=3, vary=True))).papers
    assert len({tuple(ids(p)) for p in papers}) > 1


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(SHELF.topics), st.booleans()), min_size=1, max_size=6), st.integers(0, 99))
def test_no_question_stands_twice_on_a_paper(topics, seed):
    sections = [Section(topic=topic, vary=vary, kind=Kind.NUMERIC) for topic, vary in topics]
    try:
        made = exam(blueprint(*sections, seed=seed), STUDENTS[:2])
    except InstructorError as error:
        assert "leave only 0: none" in str(error)  # noqa: PT017 - both outcomes are right, and each is checked
        return
    for paper in made.papers:
        assert len(set(ids(paper))) == len(paper.items) == len(sections)
        assert [i.partition("/")[0] for i in ids(paper)] == [topic for topic, _ in topics]


def test_items_are_numbered_and_carry_their_sections_points():
    paper = exam(blueprint()).papers[0]
    assert [i.number for i in paper.items] == [1, 2, 3, 4, 5]
    assert [i.points for i in paper.items] == [3, 3, 2, 1, 4]
    assert [i.ask for i in paper.items] == ["steps", "steps", "final", "steps", "steps"]


def test_listed_questions_keep_their_order():
    listed = ("pooling/output-size", "activations/tanh", "descent/momentum")
    assert ids(exam(blueprint(Section(questions=listed))).papers[0]) == list(listed)


def test_kind_and_level_narrow_a_section():
    made = exam(blueprint(Section(topic="normalization", kind=Kind.NUMERIC, level=1, vary=True)))
    for paper in made.papers:
        question = SHELF.question(ids(paper)[0])
        assert (question.kind, question.facts.level) == (Kind.NUMERIC, 1)


def test_every_key_lies_beside_its_item():
    made = exam(blueprint())
    assert set(made.keys) == {s.student for s in STUDENTS}
    for paper in made.papers:
        for item, key in zip(paper.items, made.keys[paper.student], strict=True):
            assert key == SHELF.question(item.variant.question).draw(item.variant.seed)[1]


def test_paper_codes_are_unique_and_hard_to_misread():
    codes = {paper_code(seed, f"s{n}") for seed, n in itertools.product(range(10), range(1000))}
    assert len(codes) == 10_000
    assert set("".join(codes)) <= set("23456789ABCDEFGHJKLMNPQRSTUVWXYZ-")
    assert {len(c) for c in codes} == {9}


def test_a_student_reads_in_the_language_of_the_roster_or_of_the_exam():
    students = (Student(student="a", name="A", language="zh"), Student(student="b", name="B"))
    assert [p.language for p in exam(blueprint(), students).papers] == ["zh", "en"]
    assert [p.language for p in exam(blueprint(language="zh"), students).papers] == ["zh", "zh"]


@pytest.mark.parametrize(
    ("section", "told"),
    [
        (Section(topic="poolin"), ["section 2", "no topic 'poolin'", "did you mean pooling"]),
        (Section(topic="qqqq"), ["no topic 'qqqq'", "there are activations"]),
        (Section(questions=("pooling/maximun",)), ["no question 'pooling/maximun'", "did you mean pooling/maximum"]),
        (Section(topic="pooling", pick=500), ["section 2", "picks 500 questions, but only", "pooling/maximum"]),
        (Section(topic="pooling", level=9), ["section 2", "picks 1 questions, but only 0 level 9", "none"]),
        (
            Section(questions=("pooling/maximum",), kind=Kind.CODE),
            ["section 2", "only 0 code can be had: none"],
        ),
        (
            Section(questions=("activations/tanh", "pooling/maximum"), pick=3),
            ["section 2", "picks 3 questions, but only 2", "activations/tanh, pooling/maximum"],
        ),
    ],
)
def test_a_section_that_cannot_be_filled_says_so(section, told):
    message = refused(blueprint(Section(questions=("activations/sigmoid",)), section))
    for part in told:
        assert part in message


def test_earlier_sections_can_leave_too_little():
    one = Section(questions=("pooling/maximum",))
    message = refused(blueprint(one, one))
    assert message == "section 2: picks 1 questions, but earlier sections leave only 0: none"


def test_a_question_without_words_in_a_students_language(workshop):
    workshop.numeric()
    (workshop.folder / "shapes" / "rectangle.zh.md").unlink()
    plan = blueprint(Section(questions=("shapes/rectangle",)))
    with pytest.raises(InstructorError) as error:
        assemble(plan, (Student(student="a", name="A", language="zh"),), installed(), program="test")
    assert str(error.value) == "shapes/rectangle has no words in 'zh', only in en"


def test_the_exam_freezes_what_marking_will_need(workshop):
    workshop.code()
    plan = blueprint(Section(questions=("vectors/implement-double",)))
    made = assemble(plan, STUDENTS[:1], installed(), program="test 1.0")
    record = made.questions["vectors/implement-double"]
    assert made.program == "test 1.0"
    assert made.banks["theirs"] == workshop.bank().version
    assert record.version == workshop.question("vectors/implement-double").version
    assert [c.group for c in record.cases] == ["vectors", "vectors", "untouched"]
    for case in record.cases:
        assert case.expected["data"] == [2 * x for x in case.arguments[0]["data"]]
