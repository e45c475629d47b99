"""PrairieLearn folders, run by a stand-in: generate, the page's elements with their own marking, then grade.

The stand-in follows PrairieLearn's documented data dictionary and names of submitted answers; it shares no code with
the writer.
"""

import json
import re
import uuid

import lxml.html
import numpy as np
import pytest

from quizgen.formats.export import Options
from quizgen.formats.prairielearn import export
from quizgen.model import Ask, Kind

ELEMENTS = {
    "pl-number-input",
    "pl-matrix-component-input",
    "pl-multiple-choice",
    "pl-checkbox",
    "pl-matching",
    "pl-order-blocks",
}
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def looked_up(name, context):
    for part in name.split("."):
        context = context.get(part, "") if isinstance(context, dict) else ""
    return context


def mustache(text, context):
    """Render the part of Mustache that the pages use."""

    def section(found):
        return "".join(mustache(found[2], {**context, **one}) for one in looked_up(found[1], context))

    text = re.sub(r"(?s)\{\{#([\w.]+)\}\}(.*?)\{\{/\1\}\}", section, text)
    return re.sub(r"\{\{\{?([\w.]+)\}?\}\}", lambda found: str(looked_up(found[1], context)), text)


class Question:
    """One question as PrairieLearn serves it: files, a seed, and the data that goes from step to step."""

    def __init__(self, folder, seed):
        self.code = {}
        # PrairieLearn executes server.py as text too: it has no __file__.
        source = (folder / "server.py").read_text(encoding="utf-8")
        exec(compile(source, "server.py", "exec"), self.code)  # noqa: S102 - what is tested
        self.page = (folder / "question.html").read_text(encoding="utf-8")
        self.data = {
            "variant_seed": seed,
            "options": {"question_path": str(folder)},
            **{name: {} for name in ("params", "correct_answers", "submitted_answers", "raw_submitted_answers")},
            **{name: {} for name in ("format_errors", "partial_scores", "feedback")},
            "score": 0,
        }
        self.code["generate"](self.data)

    @property
    def elements(self):
        root = lxml.html.fromstring(f"<div>{self.rendered()}</div>")
        return [e for e in root.iter() if e.tag in ELEMENTS]

    def rendered(self):
        return mustache(self.page, {"params": self.data["params"], "feedback": self.data["feedback"]})

    def answer(self, entered):
        """Submit texts or letters in the order shown, let the elements mark, then the question."""
        texts = list(entered)
        for element in self.elements:
            getattr(self, element.tag.replace("-", "_"))(element, element.get("answers-name"), texts)
        assert texts == []
        self.by_elements = {name: part["score"] for name, part in self.data["partial_scores"].items()}
        self.code["grade"](self.data)
        return self.data["score"]

    def _marked(self, element, name, right):
        """Mark as comparison="relabs" does."""
        assert element.get("comparison") == "relabs"
        rtol, atol = float(element.get("rtol")), float(element.get("atol"))
        got = np.array([self.data["submitted_answers"][n] for n in name])
        return np.mean(np.abs(got - right) <= atol + rtol * np.abs(right))

    def pl_number_input(self, element, name, texts):
        self.data["submitted_answers"][name] = float(texts.pop(0))
        right = self.data["correct_answers"][name]
        self.data["partial_scores"][name] = {"score": self._marked(element, [name], right), "weight": 1}

    def pl_matrix_component_input(self, element, name, texts):
        stored = self.data["correct_answers"][name]
        assert stored["_type"] == "ndarray"
        right = np.array(stored["_value"], dtype=stored["_dtype"])
        assert right.ndim == 2
        cells = [f"{name}{n}" for n in range(1, right.size + 1)]
        self.data["submitted_answers"] |= {cell: float(texts.pop(0)) for cell in cells}
        self.data["partial_scores"][name] = {"score": self._marked(element, cells, right.ravel()), "weight": 1}

    def pl_multiple_choice(self, element, name, texts):
        (letter,) = texts[:1] or [None]
        self.data["submitted_answers"] |= {name: letter.lower()} if letter else {}
        right = [LETTERS[at] for at, one in enumerate(element) if one.get("correct") == "true"]
        assert len(right) == 1
        self.data["partial_scores"][name] = {"score": float([letter] == right), "weight": 1}
        del texts[:1]

    def pl_checkbox(self, element, name, texts):
        self.data["submitted_answers"][name] = [letter.lower() for letter in texts]
        right = [LETTERS[at] for at, one in enumerate(element) if one.get("correct") == "true"]
        self.data["partial_scores"][name] = {"score": float(sorted(texts) == right), "weight": 1}
        texts.clear()

    def pl_matching(self, element, name, texts):
        options = [one.get("name") for one in element if one.tag == "pl-option"]
        rows = [one for one in element if one.tag == "pl-statement"]
        right = [options.index(row.get("match")) for row in rows]
        chosen = [LETTERS.index(letter) for letter in texts] or [-1] * len(rows)
        self.data["submitted_answers"] |= {f"{name}-dropdown-{n}": str(c) for n, c in enumerate(chosen)}
        score = np.mean([c == r for c, r in zip(chosen, right, strict=True)])
        self.data["partial_scores"][name] = {"score": score, "weight": 1}
        texts.clear()

    def pl_order_blocks(self, element, name, texts):
        blocks = [{"tag": one.get("tag"), "ranking": int(one.get("ranking"))} for one in element]
        placed = [blocks[LETTERS.index(letter)] for letter in texts]
        self.data["submitted_answers"][name] = placed
        whole = [b["ranking"] for b in placed] == sorted(b["ranking"] for b in blocks)
        self.data["partial_scores"][name] = {"score": float(whole), "weight": 1}
        texts.clear()


@pytest.fixture(scope="module")
def exported(exams, tmp_path_factory):
    out = tmp_path_factory.mktemp("prairielearn") / "deep-learning"
    lost = export(exams[Ask.STEPS], out, Options())
    expected = json.loads(out.with_name("deep-learning.expected.json").read_text(encoding="utf-8"))
    return out, lost, expected["items"]


def folder_of(out, item):
    return out / (item["question"] if item["language"] == "en" else f"{item['question']}-{item['language']}")


def test_every_response_earns_what_is_expected(exported):
    out, _, items = exported
    tried, used = 0, set()
    for item in items:
        for response in item["responses"]:
            if not response["entered"] or "" in response["entered"]:
                continue  # PrairieLearn does not grade what has blank places
            question = Question(folder_of(out, item), 0)
            assert question.data["params"]["variant"] == item["id"]
            used |= {e.tag for e in question.elements}
            got = question.answer(response["entered"])
            assert got == pytest.approx(response["fraction"], abs=1e-6), (item["id"], response["kind"])
            if response["kind"] in {"right", "rounded"}:
                assert set(question.by_elements.values()) == {1.0}, (item["id"], "the elements' own marking")
                assert got == pytest.approx(1)
            tried += 1
    assert used == ELEMENTS
    assert tried > 4 * len(items)


def test_nothing_entered_earns_nothing(exported):
    out, _, items = exported
    for item in items:
        question = Question(folder_of(out, item), 0)
        question.code["grade"](question.data)
        assert question.data["score"] == 0


def test_a_mistake_is_named_in_the_students_language(exported):
    out, _, items = exported
    named = {"en": 0, "zh": 0}
    for item in items:
        for response in item["responses"]:
            question = Question(folder_of(out, item), 0)
            if response["kind"].startswith("mistake: "):
                question.answer(response["entered"])
                named[item["language"]] += bool(question.data["feedback"].get("mistakes"))
            elif response["kind"] in {"right", "rounded"}:
                question.answer(response["entered"])
                assert "mistakes" not in question.data["feedback"]
    assert min(named.values()) > 20
    (item,) = [i for i in items if i["question"] == "normalization/batch-norm" and i["language"] == "en"]
    (unbiased,) = [r for r in item["responses"] if r["kind"] == "mistake: unbiased"]
    question = Question(folder_of(out, item), 0)
    question.answer(unbiased["entered"])
    assert "divides by" in question.rendered()


def test_functions_are_reported_and_not_exported(exported, exams):
    out, lost, items = exported
    code = {i for i, r in exams[Ask.STEPS].questions.items() if r.kind is Kind.CODE}
    assert code
    assert {s.partition(":")[0] for s in lost if "functions cannot be expressed" in s} == code
    assert not any((out / question).exists() for question in code)
    assert {i["question"] for i in items} == set(exams[Ask.STEPS].questions) - code


def test_folders_hold_what_prairielearn_wants(exported):
    out, _, items = exported
    seen = set()
    for item in items:
        folder = folder_of(out, item)
        info = json.loads((folder / "info.json").read_text(encoding="utf-8"))
        assert {"uuid", "title", "topic", "type"} <= set(info)
        assert info["type"] == "v3"
        seen.add(uuid.UUID(info["uuid"]))
        page = (folder / "question.html").read_text(encoding="utf-8")
        assert page.count("rtol=") == page.count("atol=") == page.count("comparison=")
        names = re.findall(r'answers-name="(\w+)"', page)
        assert len(set(names)) == len(names)
        assert "{{" not in Question(folder, 0).rendered()
    assert len(seen) == len(items)


def test_variants_are_drawn_by_the_seed_and_repeat_byte_for_byte(exams, tmp_path):
    for name in ("one", "two"):
        export(exams[Ask.FINAL], tmp_path / name, Options(variants=3))
    files = sorted(p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*") if p.is_file())
    assert files
    assert all((tmp_path / "one" / f).read_bytes() == (tmp_path / "two" / f).read_bytes() for f in files)
    drawn = [Question(tmp_path / "one" / "pooling" / "average", seed).data["params"] for seed in range(6)]
    assert len({d["variant"] for d in drawn}) == 3
    assert drawn[:3] == drawn[3:]
