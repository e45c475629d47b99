"""`quizgen take`: answering in a terminal or through a pipe, and what is said about it at once."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from quizgen.bank import installed
from quizgen.marking.concept import LETTERS
from quizgen.model import Select

COMMAND = str(Path(sys.executable).with_name("quizgen"))


def take(*arguments, lines=()):
    """Run the command with these lines on its standard input."""
    text = "".join(f"{line}\n" for line in lines)
    done = subprocess.run(
        [COMMAND, "take", *map(str, arguments)], input=text, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    return done


def right(question_id, seed):
    """Return what has to be typed for one variant."""
    _, key = installed().question(question_id).draw(seed)
    if hasattr(key, "right"):
        return [", ".join(LETTERS[i] for i in key.right)]
    return [str(np.round(np.asarray(s.value), 6).tolist()) for s in key.steps]


def test_right_answers_are_right_and_the_next_variant_has_other_numbers():
    question_id = "regularization/weight-decay-step"
    lines = [*right(question_id, 4), "", *right(question_id, 5), "q"]
    told = take(question_id, "--seed", 4, lines=lines)
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.count("✓ correct") == 2
    assert "seed 4)" in told.stdout
    assert "seed 5)" in told.stdout
    assert told.stdout.rstrip().endswith("2 of 2 right.")


def test_a_mistake_is_named_at_the_step_where_it_was_made_and_what_follows_counts():
    question = installed().question("regularization/weight-decay-step")
    variant, _ = question.draw(0)
    w, grad = (np.array(variant.givens[n]) for n in ("w", "grad"))
    decayed = (1 - 2 * variant.givens["eta"] * variant.givens["alpha"]) * w
    after = np.round(decayed, 3) - variant.givens["eta"] * grad
    told = take(question.id, lines=[str(np.round(decayed, 3).tolist()), str(np.round(after, 3).tolist())]).stdout
    assert "✗ decayed: not correct" in told
    assert "✓ w_next: correct, follows from your earlier value" in told
    assert "What went wrong first: The shrunk weights (1 − ηα)w" in told
    happened = told.partition("What happened\n")[2]
    assert "This differentiates αwᵀw." in happened.split("Right answer")[0]
    assert "Worked solution" in happened


@pytest.mark.parametrize(("stop", "heading"), [("right", "What happened"), ("", "What may have happened")])
def test_a_number_that_is_easily_guessed_is_explained_with_care(stop, heading):
    best, last = right("regularization/early-stopping", 0)
    lines = [str(float(best) + 1), last if stop else ""]
    told = take("regularization/early-stopping", "--seed", 0, lines=lines).stdout
    happened = told.partition(f"{heading}\n")[2].split("Right answer")[0]
    assert "Epochs are counted from 0 here" in happened
    assert ("A guess could give this number too" in happened) == (not stop)


def test_what_cannot_be_read_is_told():
    told = take("regularization/weight-decay-step", lines=["abc", "1, 2"]).stdout
    assert "? decayed: unreadable, cannot be read as a number: “abc”" in told


@pytest.mark.parametrize("select", list(Select))
def test_every_way_of_choosing(select):
    question = next(q for q in installed() if getattr(q.template, "select", None) is select)
    told = take(question.id, "--language", "zh", lines=right(question.id, 0)).stdout
    assert "✓ 正确" in told
    assert "理由" in told
    assert "详细解答" in told
    assert told.rstrip().endswith("共 1 次，答对 1 次。")


def test_a_function_is_for_the_autograder():
    told = take("pooling/implement-max-pool-forward", lines=[])
    assert told.returncode == 0
    assert "def max_pool_forward(" in told.stdout
    assert "autograder try" in told.stdout


def test_the_end_of_the_input_ends_the_practice():
    told = take("pooling/maximum", lines=[])
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.rstrip().endswith("0 of 0 right.")


def test_an_unknown_question_is_answered_with_the_nearest():
    told = take("pooling/maximun")
    assert told.returncode == 1
    assert told.stderr.startswith("Error: no question 'pooling/maximun'; did you mean pooling/maximum")


def read_until(descriptor, wanted, seconds=60.0):
    """Read from a terminal until it shows a text."""
    found, end = "", time.monotonic() + seconds
    while wanted not in found and time.monotonic() < end:
        if not select.select([descriptor], [], [], 0.1)[0]:
            continue
        try:
            found += os.read(descriptor, 4096).decode("utf-8", "replace")
        except OSError:
            break
    assert wanted in found, found
    return found


def hear_interrupts():
    """Undo what runs the tests may have done: a process started by one that ignores Ctrl-C ignores it too."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_ctrl_c_in_a_real_terminal_leaves_politely():
    ours, theirs = pty.openpty()
    streams = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
    command = [COMMAND, "take", "pooling/maximum"]
    process = subprocess.Popen(command, **streams, preexec_fn=hear_interrupts)  # noqa: PLW1509 - the tests start no threads
    os.close(theirs)
    try:
        read_until(ours, "maxima = ")
        # A signal between the prompt and the wait for a line is heard only at the next one: as people do, press again.
        while not select.select([ours], [], [], 1.0)[0]:
            process.send_signal(signal.SIGINT)
        told = read_until(ours, "0 of 0 right.")
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    assert "Traceback" not in told
    assert "Aborted" not in told
