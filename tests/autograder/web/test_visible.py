"""The run button: what it tells, and what it must not."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from msgspec.structs import replace

from autograder.cases import drawn_cases, frozen_cases
from autograder.trial import visible
from autograder.web.runner import Runner
from autograder.web.visible import MAX_SOURCE_BYTES, run_practice, run_visible
from quizgen.bank import Shelf, installed
from quizgen.exam_file import read_exam
from quizgen.model import CodeBody, Kind, Status

SEED = 20260301
RELU = "activations/implement-relu"
SHELF = installed()
CODE = [i for i in SHELF.ids if i.rpartition("/")[2].startswith("implement-")]


@pytest.fixture(scope="module")
def exam(example):
    return read_exam(example / "exam")


@pytest.fixture(scope="module")
def items(exam):
    """Return the code items of one paper by the names of their functions."""
    found = [i for i in exam.papers[0].items if isinstance(i.variant.body, CodeBody)]
    return {i.variant.body.function: i for i in found}


@pytest.fixture(scope="module")
def solution(example):
    """Return the hand-in that earns everything."""
    return (example / "submissions" / "s01" / "solution.py").read_bytes()


def drawn(item):
    return drawn_cases(SHELF.question(item.variant.question).template, SEED)


def groups(verdict):
    return {g.name for g in verdict.detail.groups}


def printing(name):
    """Return code that prints what it is called with and does nothing else."""
    return f"def {name}(*args):\n    print('called with', args)\n    raise ValueError('no')\n".encode()


def changed(item):
    return replace(item, variant=replace(item.variant, version="another"))


def test_a_right_solution_passes_every_item_of_a_paper(sandbox, exam, items, solution):
    assert items
    for item in items.values():
        verdict = run_visible(sandbox, exam, item, solution, shelf=SHELF, seed=SEED)
        assert (verdict.item, verdict.status, verdict.notes) == (item.number, Status.CORRECT, ())


def test_nothing_comes_back_of_hidden_cases(sandbox, exam, items):
    for name, item in items.items():
        whole = drawn(item)
        shown = {g.name for g in whole.groups if g.visible}
        assert shown < {g.name for g in whole.groups}
        verdict = run_visible(sandbox, exam, item, printing(name), shelf=SHELF, seed=SEED)
        assert groups(verdict) == shown
        told = msgspec.json.encode(verdict).decode()
        assert told.count("called with") == sum(c.group.visible for c in whole.cases)
        assert not any(f'"{g.name}"' in told for g in whole.groups if not g.visible)


def test_a_trial_earns_no_points_and_names_no_mistake(sandbox, exam, items):
    for name, item in items.items():
        template = SHELF.question(item.variant.question).template
        assert template.mistakes
        verdict = run_visible(sandbox, exam, item, printing(name), shelf=SHELF, seed=SEED)
        assert (verdict.status, verdict.points, verdict.detail.mistakes) == (Status.INCORRECT, 0.0, ())


def test_with_the_variants_seed_the_first_call_is_the_papers_example(sandbox, exam, items):
    for name, item in items.items():
        seed = item.variant.seed
        verdict = run_visible(sandbox, exam, item, f"def {name}(*args): return 'no'".encode(), shelf=SHELF, seed=seed)
        first = verdict.detail.groups[0].reason
        assert first.values["call"] == item.variant.body.example.call


@pytest.mark.parametrize(("shelf", "note"), [(SHELF, "bank-changed"), (Shelf(()), "bank-missing")])
def test_where_the_question_changed_the_kept_cases_are_run(sandbox, exam, items, solution, shelf, note):
    for name, item in items.items():
        old = changed(item)
        kept = [c for c in exam.questions[item.variant.question].cases if c.group in groups_shown(exam, item)]
        right = run_visible(sandbox, exam, old, solution, shelf=shelf, seed=SEED)
        wrong = run_visible(sandbox, exam, old, printing(name), shelf=shelf, seed=SEED)
        assert (right.status, right.points, [n.phrase for n in right.notes]) == (Status.CORRECT, 0.0, [note])
        assert wrong.detail.output.count("called with") == len(kept) > 0
        assert groups(wrong) == groups_shown(exam, item)


def groups_shown(exam, item):
    return {g.name for g in exam.questions[item.variant.question].groups if g.visible}


def test_where_no_visible_case_was_kept_it_says_why(sandbox, exam, items, solution):
    item = next(iter(items.values()))
    record = replace(exam.questions[item.variant.question], cases=())
    bare = replace(exam, questions={item.variant.question: record})
    verdict = run_visible(sandbox, bare, changed(item), solution, shelf=SHELF, seed=SEED)
    assert (verdict.status, verdict.reason.phrase) == (Status.ERROR, "bank-changed")


@pytest.mark.parametrize("question_id", CODE)
def test_every_code_question_has_visible_cases_drawn_and_frozen(question_id):
    question = SHELF.question(question_id)
    assert question.kind is Kind.CODE
    assert visible(drawn_cases(question.template, SEED)).cases
    assert visible(frozen_cases(question.record(), question.template.function)).cases


def test_a_source_beyond_the_limit_is_not_run(sandbox, exam, items, solution):
    item = next(iter(items.values()))
    padding = b"#" * (MAX_SOURCE_BYTES - len(solution))
    fits = run_visible(sandbox, exam, item, solution + padding, shelf=SHELF, seed=SEED)
    large = run_visible(sandbox, exam, item, solution + padding + b"#", shelf=SHELF, seed=SEED)
    assert fits.status is Status.CORRECT
    assert (large.status, large.reason.phrase) == (Status.UNREADABLE, "file-too-large")
    assert large.reason.values["limit"] == "64 KiB"


def test_practice_runs_all_cases_and_names_mistakes(sandbox, items):
    question = SHELF.question(RELU)
    variant, _ = question.draw(SEED)
    item = replace(next(iter(items.values())), number=1, points=1.0, variant=variant)
    right = run_practice(sandbox, question, item, b"import numpy as np\ndef relu(x): return np.maximum(x, 0)", SEED)
    wrong = run_practice(sandbox, question, item, b"import numpy as np\ndef relu(x): return np.abs(x)", SEED)
    assert (right.status, right.points) == (Status.CORRECT, 1.0)
    assert groups(right) == {g.name for g in question.template.groups.values()}
    assert wrong.status is not Status.CORRECT
    assert wrong.detail.mistakes


def test_an_idle_runner_answers_in_well_under_a_second(exam, items, solution):
    item = next(iter(items.values()))
    with Runner(1) as runner:
        runner.start()
        seconds = []
        for _ in range(9):
            begun = time.perf_counter()
            ticket = runner.submit("ada", lambda s: run_visible(s, exam, item, solution, shelf=SHELF, seed=SEED))
            assert ticket.result(30).status is Status.CORRECT
            seconds.append(time.perf_counter() - begun)
    assert statistics.median(seconds) < 0.5


def test_a_class_that_presses_run_at_once_is_served(exam, items, solution):
    chosen = list(items.values()) * 10

    def press(runner, number):
        item = chosen[number]
        work = lambda s: run_visible(s, exam, item, solution, shelf=SHELF, seed=number)  # noqa: E731
        return runner.submit(f"s{number:02}", work).result(30)

    with Runner(2) as runner, ThreadPoolExecutor(len(chosen)) as class_room:
        verdicts = list(class_room.map(lambda n: press(runner, n), range(len(chosen))))
    assert [v.item for v in verdicts] == [i.number for i in chosen]
    assert {v.status for v in verdicts} == {Status.CORRECT}
