"""Each promise of the battery, broken once: the report says which one, and where."""

import json

import pytest

RECTANGLE = "shapes/rectangle"
FRUIT = "things/fruit"
DOUBLE = "vectors/implement-double"


def failures(report):
    """Return the broken promises; there must be some."""
    assert not report.passed
    return set(report.failures)


@pytest.fixture
def rectangle(workshop):
    """Return the source of a sound numeric question, to be broken by replacing."""
    workshop.numeric()
    return (workshop.folder / "shapes" / "rectangle.py").read_text(encoding="utf-8")


@pytest.fixture
def double(workshop):
    """Return the source of a sound code question."""
    workshop.code()
    return (workshop.folder / "vectors" / "implement_double.py").read_text(encoding="utf-8")


def broken(source, old, new):
    """Replace one piece of a source that must be there."""
    assert old in source
    return source.replace(old, new)


def test_a_sound_bank_of_somebody_else_passes(workshop):
    workshop.numeric()
    workshop.choice()
    workshop.code()
    assert set(workshop.bank().ids) == {RECTANGLE, FRUIT, DOUBLE}
    for question_id in workshop.bank().ids:
        report = workshop.check(question_id)
        assert report.passed, report.failures
        assert report.draws >= 25


def test_the_kill_table_says_which_group_tells_which_mistake(workshop):
    workshop.code()
    kills = workshop.check(DOUBLE).kills
    assert kills["in_place"] == {"vectors": 0, "untouched": 50}
    assert kills["squared"] == {"vectors": 50, "untouched": 50}


def test_the_report_is_json(workshop):
    workshop.numeric()
    told = json.loads(json.dumps(workshop.check(RECTANGLE, draws=7).to_json()))
    assert (told["id"], told["passed"], told["draws"], told["failures"]) == (RECTANGLE, True, 7, {})


# Words


def test_a_language_that_is_missing(workshop):
    workshop.numeric()
    (workshop.folder / "shapes" / "rectangle.zh.md").unlink()
    assert failures(workshop.check(RECTANGLE)) == {"it has no words in 'zh'"}


@pytest.mark.parametrize("section", ["stem", "area", "total", "solution", "added"])
def test_a_section_that_is_missing(workshop, section):
    workshop.numeric(without=[section])
    assert {f"en: no section {section!r}", f"zh: no section {section!r}"} <= failures(workshop.check(RECTANGLE))


@pytest.mark.parametrize("section", ["stem", "docstring", "vectors", "solution", "squared"])
def test_a_section_of_a_code_question_that_is_missing(workshop, section):
    workshop.code(without=[section])
    assert {f"en: no section {section!r}", f"zh: no section {section!r}"} <= failures(workshop.check(DOUBLE))


def test_a_concept_question_without_options(workshop):
    workshop.choice()
    path = workshop.folder / "things" / "fruit.zh.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("# options")] + text[text.index("# solution") :], encoding="utf-8")
    assert "zh: no section 'options'" in failures(workshop.check(FRUIT))


def test_a_section_that_belongs_to_nothing(workshop):
    workshop.numeric(en={"multiplied": "There is no such mistake."})
    assert failures(workshop.check(RECTANGLE)) == {"en: section 'multiplied' belongs to nothing in the question"}


def test_a_missing_title(workshop):
    workshop.numeric()
    path = workshop.folder / "shapes" / "rectangle.en.md"
    path.write_text(path.read_text(encoding="utf-8").replace('"A title"', '" "'), encoding="utf-8")
    assert failures(workshop.check(RECTANGLE)) == {"en: the front matter has no title"}


@pytest.mark.parametrize("section", ["stem", "area"])
def test_what_students_read_cannot_name_a_step(workshop, section):
    workshop.numeric(zh={section: "It is $<< total | num >>$."})
    told = "\n".join(failures(workshop.check(RECTANGLE)))
    assert f"zh: section {section!r}" in told
    assert "'total' is undefined" in told
    assert "known names: a, b, c" in told


def test_a_solution_may_name_a_step_but_nothing_unknown(workshop):
    workshop.numeric(en={"solution": "It is << volume >>."})
    (told,) = failures(workshop.check(RECTANGLE))
    assert told.startswith("en: section 'solution': ")
    assert "'volume' is undefined" in told


def test_a_formula_that_cannot_be_set(workshop):
    workshop.numeric(en={"added": r"Not $\frac{1$."})
    (told,) = failures(workshop.check(RECTANGLE))
    assert told.startswith("en: section 'added': ")
    assert r"\frac{1" in told


def test_a_convention_without_words(workshop, quizgen, rectangle):
    workshop.numeric(python=broken(rectangle, "minutes=4", 'minutes=4, conventions=("euclid",)'))
    ended = quizgen("check", RECTANGLE)
    assert ended.code == 1
    assert f"{RECTANGLE}: convention 'euclid' has no words in conventions.en.md" in ended.err


# Numbers


def test_a_mistake_that_never_shows(workshop, rectangle):
    workshop.numeric(python=broken(rectangle, "return a + b", "return b * a"))
    (told,) = failures(workshop.check(RECTANGLE))
    assert "no fair draw in 400" in told
    assert "at 'area' mistake 'added' looks like the key" in told


def test_mistakes_that_nobody_could_tell_apart(workshop, rectangle):
    near = "\n\n@question.mistake(area)\ndef nearly(a, b):\n    return a + b + 0.00001 * a\n"
    workshop.numeric(python=rectangle + near, en={"nearly": "Nearly."}, zh={"nearly": "Nearly."})
    (told,) = failures(workshop.check(RECTANGLE))
    assert "at 'area' mistake 'nearly' looks like added" in told


def test_mistakes_that_are_always_the_same_are_no_fault(workshop, rectangle):
    same = "\n\n@question.mistake(area)\ndef sides_summed(a, b):\n    return b + a\n"
    workshop.numeric(python=rectangle + same, en={"sides_summed": "Same."}, zh={"sides_summed": "Same."})
    assert workshop.check(RECTANGLE).passed


def test_a_key_that_stands_in_the_stem(workshop):
    workshop.numeric(en={"stem": "It may be $<< (a * b + c) | num >>$, who knows."})
    assert failures(workshop.check(RECTANGLE)) == {"en: the key of 'total' stands in the stem"}


def test_a_step_that_is_not_finite(workshop, rectangle):
    workshop.numeric(python=broken(rectangle, "return a * b", "return a * b * float('inf')"))
    (told,) = failures(workshop.check(RECTANGLE))
    assert "shapes/rectangle with seed 0: " in told
    assert "step 'area' is not finite: inf" in told


def test_a_step_that_asks_for_what_is_not_there(workshop, rectangle):
    workshop.numeric(python=broken(rectangle, "def total(area, c)", "def total(area, d)"))
    (told,) = failures(workshop.check(RECTANGLE))
    assert "'total' asks for 'd', which is neither given nor an earlier step" in told


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("return a * b", "return a.length()", "AttributeError"),
        ("low=1, high=9", "low=1, height=9", "TypeError"),
        ("return area + c", "return [1.0][3]", "IndexError"),
    ],
)
def test_code_that_raises_is_a_broken_promise_with_its_place(workshop, rectangle, old, new, error):
    source = broken(rectangle, old, new)
    line = next(n for n, text in enumerate(source.split("\n"), start=1) if new in text)
    workshop.numeric(python=source)
    (told,) = failures(workshop.check(RECTANGLE))
    assert error in told
    assert f"rectangle.py:{line}" in told


def test_draws_that_depend_on_more_than_the_seed(workshop, rectangle):
    source = broken(rectangle, "def draw(rng):", "def draw(rng, calls=[]):\n    calls.append(len(calls) / 10)")
    workshop.numeric(python=broken(source, '"c": decimals(rng, low=0.1, high=3, places=2)', '"c": 1 + calls[-1]'))
    assert "the same seed gives another variant" in failures(workshop.check(RECTANGLE))


def test_too_few_variants(workshop, rectangle):
    source = broken(rectangle, "decimals(rng, low=1, high=9, places=1)", "2.5")
    source = broken(source, "decimals(rng, low=0.1, high=3, places=2)", "float(rng.integers(1, 3)) / 4")
    workshop.numeric(python=source)
    assert failures(workshop.check(RECTANGLE)) == {"only 2 different variants in 25 draws"}


def test_draws_that_are_hardly_ever_fair(workshop, rectangle):
    picky = "\n\n@question.require\ndef nearly_square(a, b):\n    return a == b and a > 8.8\n"
    workshop.numeric(python=rectangle + picky)
    told = "\n".join(failures(workshop.check(RECTANGLE, draws=4)))
    assert "requirement 'nearly_square'" in told
    assert "fair" in told


# Choices


def test_options_that_read_the_same(workshop):
    again = "- [x] pear\n  > Yes.\n- [ ] chair\n  > No.\n- [ ] chair\n  > Not either."
    workshop.choice(en={"options": again}, zh={"options": again})
    assert "en: two options read the same: 'chair'" in failures(workshop.check(FRUIT))


@pytest.mark.parametrize("change", [("- [ ] chair", "- [x] chair"), ("- [ ] lamp\n  > It shines.", "")])
def test_languages_that_offer_different_options(workshop, change):
    workshop.choice()
    path = workshop.folder / "things" / "fruit.zh.md"
    path.write_text(broken(path.read_text(encoding="utf-8"), *change), encoding="utf-8")
    assert "the languages en, zh offer different options" in failures(workshop.check(FRUIT))


def test_options_that_are_all_right(workshop):
    yes = "- [x] apple\n  > Yes.\n- [x] pear\n  > Yes."
    workshop.choice(en={"options": yes}, zh={"options": yes})
    (told,) = failures(workshop.check(FRUIT))
    assert "the options that can be shown are all right or all wrong" in told


def test_an_option_whose_truth_nobody_knows(workshop):
    odd = "- [x] apple\n  > Yes.\n- [?ripe] pear\n  > Perhaps."
    workshop.choice(en={"options": odd}, zh={"options": odd})
    (told,) = failures(workshop.check(FRUIT))
    assert "option [?ripe] names no @question.truth function" in told


# Code


def test_a_wrong_implementation_that_survives(workshop, double):
    workshop.code(python=broken(double, "return x**2", "return 2.0 * x"))
    assert failures(workshop.check(DOUBLE)) == {"mistake 'squared' passes all cases"}


def test_a_wrong_implementation_that_survives_on_some_seeds_only(workshop, double):
    workshop.code(python=broken(double, "return x**2", "return x if x[0] > 1.5 else 2 * x"))
    report = workshop.check(DOUBLE)
    assert failures(report) == {"mistake 'squared' passes all cases"}
    assert 0 < report.failures["mistake 'squared' passes all cases"] < 50


def test_cases_that_can_be_learned_by_heart(workshop, double):
    workshop.code(python=broken(double, '    yield {"x": rng.normal(size=4)}\n', ""))
    assert failures(workshop.check(DOUBLE)) == {
        "the cases of 'vectors' are the same on every seed: whoever has seen them can return what is wanted"
    }


def test_a_right_solution_that_fails(workshop, double):
    workshop.code(python=broken(double, "return x + x", "return x + x + 1e-3"))
    told = failures(workshop.check(DOUBLE))
    assert all(t.startswith("right solution 'summed' fails: ") for t in told)
    assert any("vectors" in t for t in told)
    assert any("untouched" in t for t in told)


def test_a_right_solution_that_raises(workshop, double):
    workshop.code(python=broken(double, "return x + x", "raise ValueError('no')"))
    assert "right solution 'summed' fails: vectors: raises ValueError: no" in failures(workshop.check(DOUBLE))


def test_a_reference_that_changes_its_input(workshop, double):
    workshop.code(python=broken(double, "return 2 * x", "x *= 2\n    return x"))
    assert "the reference fails its own case: untouched: input changed" in failures(workshop.check(DOUBLE))


def test_arguments_in_another_order(workshop, double):
    source = broken(double, "def double(x):\n    return 2 * x", "def double(x, y):\n    return 2 * x")
    workshop.code(python=broken(source, '{"x": np.array([1.0, 2.5])}', '{"y": 1.0, "x": np.array([1.0])}'))
    (told,) = failures(workshop.check(DOUBLE))
    assert "cases 'vectors' give the arguments ['y', 'x'], the reference takes ['x', 'y']" in told


def test_no_example_for_students(workshop, double):
    workshop.code(python=broken(double, "visible=True", ""))
    (told,) = failures(workshop.check(DOUBLE))
    assert "no group of cases is visible: students need one example" in told


def test_a_solution_in_what_students_read(workshop):
    workshop.code(en={"docstring": "def double(x): return 2 * x"})
    assert failures(workshop.check(DOUBLE)) == {"en: what students read holds a solution"}


def test_nothing_to_tell_right_from_wrong(workshop, double):
    source = double.replace("@question.solution\n", "").replace("@question.mistake\n", "")
    workshop.code(python=source, without=["squared", "in_place"])
    assert failures(workshop.check(DOUBLE)) == {
        "it lists no differently written right solution",
        "it lists no wrong implementation",
    }


# Files that cannot be loaded


def test_an_import_error_names_file_and_line(workshop, quizgen, rectangle):
    source = broken(rectangle, "from quizgen.authoring", "import no_such_module\nfrom quizgen.authoring")
    workshop.numeric(python=source)
    line = source.split("\n").index("import no_such_module") + 1
    ended = quizgen("check", RECTANGLE)
    assert ended.code == 1
    assert f"{RECTANGLE} cannot be imported: rectangle.py:{line}: ModuleNotFoundError" in ended.err
    assert "Traceback" not in ended.err


def test_a_syntax_error_names_file_and_line(workshop, quizgen, rectangle):
    source = broken(rectangle, "return a * b", "return a * * b")
    workshop.numeric(python=source)
    line = next(n for n, text in enumerate(source.split("\n"), start=1) if "* *" in text)
    ended = quizgen("check", RECTANGLE)
    assert ended.code == 1
    assert f"{RECTANGLE} cannot be imported: rectangle.py:{line}: SyntaxError" in ended.err


def test_two_steps_of_one_name_are_told_at_the_line_of_the_second(workshop, quizgen, rectangle):
    source = broken(rectangle, "@question.mistake(total)\ndef subtracted(", "@question.mistake(total)\ndef added(")
    workshop.numeric(python=source)
    line = source.split("\n").index("@question.mistake(total)") + 1
    ended = quizgen("check", RECTANGLE)
    assert f"rectangle.py:{line}" in ended.err
    assert "two steps or mistakes are called 'added'" in ended.err


def test_a_file_without_a_question(workshop, quizgen):
    workshop.numeric(python='"""Nothing."""\n')
    assert f"{RECTANGLE}: its Python file defines no `question`" in quizgen("check", RECTANGLE).err


def test_front_matter_that_is_not_enough(workshop, quizgen):
    workshop.choice()
    path = workshop.folder / "things" / "fruit.en.md"
    path.write_text(path.read_text(encoding="utf-8").replace("minutes = 2\n", ""), encoding="utf-8")
    ended = quizgen("check", FRUIT)
    assert ended.code == 1
    assert f"{FRUIT}: front matter: " in ended.err
    assert "'minutes'" in ended.err


def test_the_version_follows_every_file_of_a_question(workshop):
    workshop.write("reference/shapes.py", '"""Reference."""\n\n\ndef area(a, b):\n    return a * b\n')
    workshop.numeric(python="")
    before = workshop.bank()
    workshop.numeric()
    first = workshop.question(RECTANGLE).version
    workshop.numeric(zh={"stem": "$<< a | num >>$, $<< b | num >>$"})
    second = workshop.question(RECTANGLE).version
    assert first != second
    assert before.ids == (RECTANGLE,)
