"""Commands run in the tests' own process: a new interpreter would cost most of the time of most commands."""

import sys
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Outcome:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Here:
    """A command, run exactly as its console script does."""

    name: str
    main: object
    monkeypatch: pytest.MonkeyPatch
    capfd: pytest.CaptureFixture

    def __call__(self, *arguments):
        self.monkeypatch.setattr(sys, "argv", [self.name, *map(str, arguments)])
        self.capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            self.main()
        captured = self.capfd.readouterr()
        return Outcome(int(end.value.code or 0), captured.out, captured.err)
