"""Draws one of the variants in variants.json and marks it as quizgen does; PrairieLearn calls generate and grade."""

# ruff: noqa: INP001 - a file to copy, not a module of ours
import json
import math
from bisect import bisect_left
from pathlib import Path
from typing import Any

Data = dict[str, Any]
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def generate(data: Data) -> None:
    """Choose a variant by PrairieLearn's seed."""
    variants = _variants(data)
    chosen = variants[int(data["variant_seed"]) % len(variants)]
    data["params"].update(chosen["params"], variant=chosen["id"])
    data["correct_answers"].update(chosen["correct_answers"])


def grade(data: Data) -> None:
    """Put our marks in the place of the elements' own, and name the mistakes that are recognized."""
    marking = next((v["marking"] for v in _variants(data) if v["id"] == data["params"]["variant"]), None)
    if marking is None:  # exported anew since this variant was drawn: the elements' own marks stand
        return
    if "steps" in marking:
        _grade_steps(data, marking)
    else:
        _set(data, "answer", _choice(data["submitted_answers"], marking), 1, None)
        data["score"] = data["partial_scores"]["answer"]["score"]


def _variants(data: Data) -> list[Data]:
    path = Path(data["options"]["question_path"]) / "variants.json"
    found: list[Data] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _set(data: Data, name: str, score: float, weight: float, feedback: dict[str, str] | None) -> None:
    found = data["partial_scores"].setdefault(name, {})
    found.update(score=score, weight=weight)
    if feedback is not None:
        found["feedback"] = feedback


def _grade_steps(data: Data, marking: Data) -> None:
    earned = 0.0
    named: list[str] = []
    for step in marking["steps"]:
        responses = [_number(data["submitted_answers"].get(cell["name"])) for cell in step["cells"]]
        good = [_within(r, cell) for r, cell in zip(responses, step["cells"], strict=True)]
        beyond = len(good) - step["guess"]
        score = max(0, sum(good) - step["guess"]) / beyond
        told = ["correct" if right else "incorrect" for right in good]
        feedback = dict(zip([cell["name"] for cell in step["cells"]], told, strict=True))
        _set(data, step["name"], score, step["weight"], None if step["single"] else feedback)
        earned += step["weight"] * score
        named += _mistakes(step, responses, good)
    data["score"] = earned / sum(step["weight"] for step in marking["steps"])
    texts = [marking["texts"][name] for name in dict.fromkeys(named)]
    if texts:
        listed = "".join(f"<li>{text}</li>" for text in texts)
        data["feedback"]["mistakes"] = f"<p>{marking['heading']}</p><ul>{listed}</ul>"


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan


def _within(response: float, place: Data) -> bool:
    return bool(abs(response - place["value"]) <= place["radius"])  # false for NaN


def _mistakes(step: Data, responses: list[float], good: list[bool]) -> list[str]:
    """Name the mistakes that explain every wrong cell of a step."""
    found = [
        {name for trap in cell["traps"] if _within(response, trap) for name in trap["mistakes"]}
        for response, cell, right in zip(responses, step["cells"], good, strict=True)
        if not right
    ]
    return sorted(set.intersection(*found)) if found else []


def _choice(submitted: Data, marking: Data) -> float:
    right: list[int] = marking["right"]
    select = marking["select"]
    if select == "one":
        score = float(_position(submitted.get("answer")) in right)
    elif select == "several":
        found = submitted.get("answer") or []
        ticked = {_position(key) for key in ([found] if isinstance(found, str) else found)}
        score = max(0, len(ticked & set(right)) - marking["cost"] * len(ticked - set(right))) / len(right)
    elif select == "match":
        chosen = [submitted.get(f"answer-dropdown-{row}") for row in range(len(right))]
        score = sum(str(c) == str(r) for c, r in zip(chosen, right, strict=True)) / len(right)
    else:
        places = [int(block["ranking"]) for block in submitted.get("answer") or []]
        score = max(0, _longest_rise(places) - 1) / (len(right) - 1)
    return 0.0 if marking["whole"] and score < 1 else score


def _position(key: object) -> int:
    return LETTERS.find(key) if isinstance(key, str) and len(key) == 1 else -1


def _longest_rise(places: list[int]) -> int:
    tails: list[int] = []
    for place in places:
        at = bisect_left(tails, place)
        tails[at : at + 1] = [place]
    return len(tails)
