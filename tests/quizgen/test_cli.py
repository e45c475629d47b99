"""`quizgen` as people and programs meet it: texts, JSON, files, exit codes."""

import json
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from quizgen.bank import installed
from quizgen.cli import cli

PLAN = """
title = "Short"
seed = 3
[[sections]]
questions = ["pooling/maximum", "activations/choose-for-layer"]
points = 2
"""
ROSTER = "student,name\ns1,Ada\ns2,Bo\n"


@pytest.fixture
def order(tmp_path):
    """Write blueprint and roster; return the arguments of `make`."""
    (tmp_path / "exam.toml").write_text(PLAN, encoding="utf-8")
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    return ["make", tmp_path / "exam.toml", "--roster", tmp_path / "roster.csv", "--out", tmp_path / "out"]


def commands(group, *, path=()):
    """Walk the tree of commands."""
    yield path, group
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, path=(*path, name))


@pytest.mark.parametrize("path", [p for p, _ in commands(cli)], ids=lambda p: " ".join(p) or "quizgen")
def test_every_command_explains_itself(path):
    told = CliRunner().invoke(cli, [*path, "--help"])
    assert told.exit_code == 0
    assert told.output.startswith("Usage: ")
    command = dict(commands(cli))[path]
    assert command.help.endswith(".")
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.name != "language":
            assert parameter.help, parameter.name


def test_help_is_short_for_h_and_names_every_command():
    told = CliRunner().invoke(cli, ["-h"]).output
    for name in cli.commands:
        assert f"\n  {name} " in told


# list


def test_list_json_is_for_other_programs(quizgen):
    told = quizgen("list", "--json")
    assert told.code == 0
    found = json.loads(told.out)
    assert {q["id"] for q in found} == set(installed().ids)
    for q in found:
        assert {"id", "topic", "kind", "level", "minutes", "languages", "version", "source", "titles"} <= set(q)
        assert q["id"].startswith(q["topic"] + "/")
        assert q["kind"] in {"numeric", "concept", "code"}
        assert set(q["titles"]) == set(q["languages"]) == {"en", "zh"}
        assert len(q["version"]) == 12


@pytest.mark.parametrize(
    ("options", "keep"),
    [
        (["--topic", "descent"], lambda q: q["topic"] == "descent"),
        (["--kind", "code"], lambda q: q["kind"] == "code"),
        (["--level", "1"], lambda q: q["level"] == 1),
        (["--topic", "pooling", "--kind", "concept"], lambda q: (q["topic"], q["kind"]) == ("pooling", "concept")),
    ],
)
def test_list_can_be_narrowed(quizgen, options, keep):
    every = json.loads(quizgen("list", "--json").out)
    assert json.loads(quizgen("list", *options, "--json").out) == [q for q in every if keep(q)] != []


def test_list_prints_one_line_a_question(quizgen):
    told = quizgen("list", "--topic", "regularization", "--kind", "concept", "--language", "zh").out
    lines = told.splitlines()
    assert lines[0].split() == ["id", "kind", "level", "minutes", "languages", "source", "title"]
    ids = [i for i in installed().ids if i.startswith("regularization/") and installed().question(i).kind == "concept"]
    assert [line.split()[0] for line in lines[1:-1]] == ids
    assert installed().question(ids[0]).title("zh") in told
    assert lines[-1] == f"{len(ids)} questions"


def test_list_of_an_unknown_topic(quizgen):
    told = quizgen("list", "--topic", "poling")
    assert (told.code, told.out) == (1, "")
    assert told.err.startswith("Error: no topic 'poling'; did you mean pooling")


# show


@pytest.mark.parametrize(
    "question_id", ["pooling/maximum", "regularization/which-method", "pooling/implement-max-pool-forward"]
)
def test_show_json(quizgen, question_id):
    told = json.loads(quizgen("show", question_id, "--seed", 7, "--language", "zh", "--json").out)
    variant, _ = installed().question(question_id).draw(7)
    assert (told["id"], told["seed"], told["language"]) == (question_id, 7, "zh")
    assert told["givens"] == variant.givens
    assert told["body"]["type"] == told["key"]["type"] == told["kind"]
    assert {"stem", "solution", "version", "titles"} <= set(told)


def test_show_prints_title_key_and_solution(quizgen):
    told = quizgen("show", "regularization/weight-decay-step", "--seed", 4)
    _, key = installed().question("regularization/weight-decay-step").draw(4)
    assert told.code == 0
    assert told.out.startswith("Weight decay: one step  (regularization/weight-decay-step, seed 4)")
    assert "Worked solution" in told.out
    for value in key.steps[-1].value:
        assert f"{abs(value):.3f}"[:5] in told.out


def test_show_lays_formulas_out(quizgen):
    told = quizgen("show", "regularization/weight-decay-step", "--seed", 0).out
    assert "The loss is Ĵ(w) = J(w) + ─ wᵀw" in told
    assert "⎡−0.6⎤" in told
    assert "\\frac" not in told
    assert "penalty_doubled: This differentiates αwᵀw." in told
    assert "\n  A  L2 正则项 ─ wᵀw" in quizgen("show", "regularization/which-method", "--language", "zh").out


def test_show_of_every_kind_in_every_language(quizgen):
    for question_id in (
        "backprop/order-the-steps",
        "normalization/which-axes",
        "regularization/implement-weight-decay-step",
    ):
        for language, head in (("en", "Worked solution"), ("zh", installed().question(question_id).title("zh"))):
            assert head in quizgen("show", question_id, "--language", language).out


@pytest.mark.parametrize("command", ["show", "check"])
def test_an_unknown_id_is_answered_with_the_nearest(quizgen, command):
    told = quizgen(command, "pooling/maximun")
    assert told.code == 1
    assert told.err.startswith("Error: no question 'pooling/maximun'; did you mean pooling/maximum")


# check


def test_check_json_and_exit_code_of_a_broken_question(workshop, quizgen):
    workshop.numeric(en={"nonsense": "Nothing."})
    told = quizgen("check", "shapes/rectangle", "pooling/maximum", "--draws", 20, "--json")
    first, second = json.loads(told.out)
    assert told.code == 1
    assert set(first) == {"id", "passed", "draws", "fair", "refused", "failures", "kills", "work"}
    assert (first["id"], first["passed"], second["passed"], second["draws"]) == ("shapes/rectangle", False, True, 20)
    assert first["failures"] == {"en: section 'nonsense' belongs to nothing in the question": 1}


def test_check_finds_the_same_with_any_number_of_workers(quizgen):
    ids = ("pooling/maximum", "pooling/which-pooling", "pooling/implement-pool-output-size", "descent/momentum")
    one, two = (quizgen("check", *ids, "--draws", 20, "--json", "--workers", n) for n in (1, 2))
    assert one.code == two.code == 0
    assert json.loads(one.out) == json.loads(two.out)
    assert [r["id"] for r in json.loads(two.out)] == list(ids)


def test_check_shows_how_much_the_work_of_draws_spreads(quizgen):
    told = quizgen("check", "pooling/maximum", "pooling/which-pooling", "--draws", 60, "--fairness")
    assert told.code == 0
    (row,) = [
        line for line in told.out.splitlines() if re.fullmatch(r"pooling/maximum +\d+ +\d+ +\d+\.\d%", line.strip())
    ]
    low, high, spread = row.split()[1:]
    assert float(high) / float(low) < 1.25 / 0.75 + 0.1
    assert 0 < float(spread.rstrip("%")) <= 15
    found = json.loads(quizgen("check", "pooling/maximum", "--draws", 60, "--json").out)[0]["work"]
    assert found["spread"] == pytest.approx(float(spread.rstrip("%")) / 100, abs=0.0006)


def test_check_prints_what_fails_and_why(workshop, quizgen):
    workshop.numeric(zh={"nonsense": "Nothing."})
    told = quizgen("check", "shapes", "--draws", 20)
    assert told.code == 1
    assert "1 promises broken" in told.out
    assert "shapes/rectangle: zh: section 'nonsense' belongs to nothing in the question" in told.out
    assert told.out.endswith("1 questions, 1 failed\n")


def test_check_of_a_topic_and_its_kill_table(workshop, quizgen):
    workshop.code()
    workshop.choice()
    told = quizgen("check", "vectors", "things", "--draws", 10, "--kill-table")
    assert told.code == 0
    assert told.out.count("passed") == 2
    assert "in_place" in told.out
    assert "2 questions, 0 failed" in told.out


# make


def test_make_writes_the_exam_and_says_where(order, quizgen, tmp_path):
    told = quizgen(*order)
    assert told.code == 0, told.err
    assert told.out.startswith("Short: 2 papers of 2 items, 4 points, about ")
    for name in ("papers", "answer-book.html", "exam.json"):
        assert str(tmp_path / "out" / name) in told.out
        assert (tmp_path / "out" / name).exists()
    assert sorted(p.name for p in (tmp_path / "out/papers").iterdir()) == ["s1", "s2"]
    assert json.loads((tmp_path / "out/exam.json").read_text(encoding="utf-8"))["seed"] == 3


def test_make_with_another_seed(order, quizgen, tmp_path):
    assert quizgen(*order, "--seed", 8).code == 0
    assert json.loads((tmp_path / "out/exam.json").read_text(encoding="utf-8"))["seed"] == 8


def test_make_does_not_write_over_an_exam(order, quizgen, tmp_path):
    assert quizgen(*order).code == 0
    before = (tmp_path / "out/exam.json").read_bytes()
    told = quizgen(*order, "--seed", 9)
    assert told.code == 1
    assert (
        told.err
        == f"Error: {tmp_path / 'out'} holds an exam already; choose another folder, --extend to add students, or "
        "--force to write over it\n"
    )
    assert (tmp_path / "out/exam.json").read_bytes() == before
    assert quizgen(*order, "--seed", 9, "--force").code == 0
    assert (tmp_path / "out/exam.json").read_bytes() != before


def test_make_never_writes_over_a_graded_exam(order, quizgen, tmp_path):
    assert quizgen(*order).code == 0
    (tmp_path / "out/grades.db").write_bytes(b"")
    told = quizgen(*order, "--force")
    assert told.code == 1
    assert "holds grades.db: this exam has been graded; choose another folder, or --extend to add students" in told.err


def files_of(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_make_adds_a_student_who_came_late(order, quizgen, tmp_path):
    assert quizgen(*order).code == 0
    out = tmp_path / "out"
    (out / "grades.db").write_bytes(b"scores")
    before = files_of(out)
    frozen = json.loads(before["exam.json"])
    (tmp_path / "roster.csv").write_text(ROSTER.replace("Ada", "Ada Lovelace") + "s0,Cy\n", encoding="utf-8")
    told = quizgen(*order, "--extend", "--format", "pdf")
    assert told.code == 0, told.err
    assert "added: s0; all other papers are as they were" in told.out
    after = files_of(out)
    new = {f"papers/s0/{name}" for name in ("paper.html", "paper.pdf", "answers.toml")}
    assert after.keys() - before.keys() == {*new, "answer-book.pdf"}
    assert {n for n in before if before[n] != after[n]} == {"answer-book.html", "exam.json"}
    exam = json.loads(after["exam.json"])
    assert exam["papers"][:2] == frozen["papers"]
    assert {s: exam["keys"][s] for s in frozen["keys"]} == frozen["keys"]
    assert {**exam, "papers": 0, "keys": 0} == {**frozen, "papers": 0, "keys": 0}
    again = [*order[:-1], tmp_path / "anew"]
    assert quizgen(*again).code == 0  # a new exam of all three gives the same paper: drawing looks at nobody else
    anew = json.loads((tmp_path / "anew/exam.json").read_text(encoding="utf-8"))
    assert anew["papers"][2] == exam["papers"][2]
    assert anew["keys"]["s0"] == exam["keys"]["s0"]


@pytest.mark.parametrize(
    ("plan", "roster", "told"),
    [
        (PLAN, ROSTER, "everyone on the roster has a paper already"),
        (PLAN.replace("seed = 3", "seed = 4"), ROSTER + "S3,Cy\n", "with seed 3, the blueprint 'Short' with seed 4"),
        (PLAN.replace("Short", "Other"), ROSTER + "s3,Cy\n", "nobody can be added to another exam"),
        (PLAN, "student,name\nS1,Ada\n", "student 'S1' has a paper as 's1': write the id the same way"),
        (
            PLAN.replace("points = 2", "points = 3"),
            ROSTER + "s3,Cy\n",
            "item 1 of 's1' is pooling/maximum for 2 points, asked for steps; the blueprint gives pooling/max",
        ),
        (
            PLAN.replace(', "activations/choose-for-layer"', ""),
            ROSTER + "s3,Cy\n",
            "item 2 of 's1' is activations/choose-for-layer for 2 points, asked for steps; the blueprint gives nothing",
        ),
    ],
)
def test_make_adds_nobody_to_another_exam(order, quizgen, tmp_path, plan, roster, told):
    assert quizgen(*order).code == 0
    before = files_of(tmp_path / "out")
    (tmp_path / "exam.toml").write_text(plan, encoding="utf-8")
    (tmp_path / "roster.csv").write_text(roster, encoding="utf-8")
    done = quizgen(*order, "--extend")
    assert (done.code, told in done.err) == (1, True), done.err
    assert files_of(tmp_path / "out") == before


def test_make_adds_nobody_once_a_question_has_changed(order, quizgen, tmp_path):
    assert quizgen(*order).code == 0
    frozen = tmp_path / "out/exam.json"
    record = json.loads(frozen.read_text(encoding="utf-8"))
    record["questions"]["pooling/maximum"]["version"] = "before"
    frozen.write_text(json.dumps(record), encoding="utf-8")
    (tmp_path / "roster.csv").write_text(ROSTER + "s3,Cy\n", encoding="utf-8")
    told = quizgen(*order, "--extend")
    assert told.code == 1
    assert "pooling/maximum has changed since this exam was made" in told.err


def test_make_extends_or_writes_over_but_not_both(order, quizgen):
    told = quizgen(*order, "--extend")
    assert (told.code, "no exam.json there" in told.err) == (1, True)
    assert quizgen(*order, "--extend", "--force").code == 2


def test_make_never_writes_into_somebodys_folder(order, quizgen, tmp_path):
    (tmp_path / "out/papers").mkdir(parents=True)
    (tmp_path / "out/papers/mine.txt").write_text("precious", encoding="utf-8")
    told = quizgen(*order, "--force")
    assert told.code == 1
    assert "is not empty and holds no exam; choose a new folder" in told.err
    assert (tmp_path / "out/papers/mine.txt").read_text(encoding="utf-8") == "precious"


def test_make_into_a_file(order, quizgen, tmp_path):
    (tmp_path / "out").write_text("", encoding="utf-8")
    told = quizgen(*order)
    assert (told.code, told.err) == (1, f"Error: {tmp_path / 'out'} is a file, wanted a folder for the exam\n")


@pytest.mark.parametrize(
    ("plan", "roster", "told"),
    [
        (PLAN.replace("pooling/maximum", "pooling/maximun"), ROSTER, "did you mean pooling/maximum"),
        (PLAN + "pick = 3\n", ROSTER, "section 1: picks 3 questions, but only 2"),
        (PLAN + "x", ROSTER, "exam.toml: "),
        (PLAN, ROSTER + "s1,Cy\n", "student id 's1' stands more than once (lines 2, 4)"),
        (PLAN, ROSTER + "../x,Cy\n", "roster.csv:4: student id '../x' cannot name a folder"),
    ],
)
def test_make_of_bad_input_writes_nothing(order, quizgen, tmp_path, plan, roster, told):
    (tmp_path / "exam.toml").write_text(plan, encoding="utf-8")
    (tmp_path / "roster.csv").write_text(roster, encoding="utf-8")
    ended = quizgen(*order)
    assert ended.code == 1
    assert told in ended.err
    assert len(ended.err.splitlines()) == 1
    assert not (tmp_path / "out").exists()


# Exit codes, in processes of their own


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--version"], 0),
        (["show", "pooling/maximum"], 0),
        (["show", "pooling/none"], 1),
        (["make", "no.toml", "--roster", "no.csv", "--out", "no"], 1),
        (["nonsense"], 2),
        (["show"], 2),
        (["show", "pooling/maximum", "--seed", "x"], 2),
        (["show", "pooling/maximum", "--seed", "-1"], 2),
        (["show", "pooling/maximum", "--language", "fr"], 2),
        (["check", "--draws", "0"], 2),
        (["list", "--kind", "essay"], 2),
        (["make", "exam.toml"], 2),
    ],
)
def test_exit_codes(shell, arguments, code):
    ended = shell(*arguments)
    assert ended.code == code
    assert "Traceback" not in ended.out + ended.err
    assert "our fault" not in ended.err
    assert bool(ended.err) == bool(code)


def test_a_reader_that_goes_away_is_no_traceback():
    command = [str(Path(sys.executable).with_name("quizgen")), "list", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_another_banks_question_is_found_by_the_command(workshop, shell):
    workshop.numeric()
    ended = shell("list", "--topic", "shapes", "--json", PYTHONPATH=str(workshop.root))
    assert [q["id"] for q in json.loads(ended.out)] == ["shapes/rectangle"]
