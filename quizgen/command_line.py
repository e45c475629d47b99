"""What both commands share: where errors become one line and an exit code, and how JSON is printed."""

import gc
import json
import os
import sys
from collections.abc import Callable
from importlib.metadata import version as installed_version
from typing import Any

import click

from quizgen.errors import QuizgenError

DEBUG = "QUIZGEN_DEBUG"
FAILED = 1


class Failure(click.ClickException):
    """A command that could not do what it was asked: one line, exit code 1."""

    exit_code = FAILED

    def show(self, file: Any = None) -> None:
        """Print the message, in red where there are colors."""
        click.echo(f"{click.style('Error:', fg='red')} {self.message}", err=True, file=file)


def collect_rarely() -> None:
    """Let the garbage collector look less often.

    Exams and gradings hold no cycles; with ten thousand students, looking through them over and over took two thirds of
    the time of reading them.
    """
    gc.set_threshold(200_000, 50, 100)


def run(command: Callable[[], Any]) -> None:
    """Run a command; no traceback reaches a user unless QUIZGEN_DEBUG asks for it."""
    collect_rarely()
    if os.environ.get(DEBUG):
        command()
        return
    try:
        command()
    except QuizgenError as error:
        Failure(str(error)).show()
        sys.exit(FAILED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(FAILED)
    except OSError as error:
        Failure(f"{error.filename or 'input or output'}: {error.strerror or error}").show()
        sys.exit(FAILED)
    except Exception as error:  # noqa: BLE001 - the boundary: what is left is our own fault
        Failure(f"our fault: {type(error).__name__}: {error} (set {DEBUG}=1 to see where)").show()
        sys.exit(FAILED)


def print_json(value: Any) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def version() -> str:
    """Return the version that is installed."""
    return installed_version("quizgen-deep-learning")
