"""The question on the author's desk: loaded anew whenever one of its files has changed."""

import importlib
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from quizgen.bank import Bank, Question, Shelf, nearest
from quizgen.errors import InstructorError


@dataclass
class Desk:
    """One question of a bank, as its files say at this moment."""

    bank: Bank
    question_id: str
    _seen: dict[Path, str] = field(default_factory=dict, init=False)

    @classmethod
    def of(cls, shelf: Shelf, question_id: str) -> "Desk":
        """Find the question's bank; an unknown id is answered with the nearest ones."""
        for bank in shelf.banks:
            if question_id in bank.ids:
                return cls(bank, question_id)
        raise InstructorError(f"no question {question_id!r}; {nearest(question_id, shelf.ids)}")

    def stamp(self) -> str:
        """Return a text that changes with the question's files and the bank's modules that it uses."""
        return " ".join(f"{path.name}:{state}" for path, state in self._states().items())

    def question(self) -> Question:
        """Return the question as it is now, or raise what is wrong with its files."""
        now, own = self._states(), self.bank.files(self.question_id)
        known = {path: state for path, state in now.items() if path in self._seen}
        if self._seen and (known != self._seen or not self._seen.keys() >= set(own)):
            self._forget()
        self._seen = now
        return self.bank.question(self.question_id)

    def _states(self) -> dict[Path, str]:
        """Return time and size of each file that is there."""
        states = {}
        for path in self._files():
            with suppress(OSError):
                found = path.stat()
                states[path] = f"{found.st_mtime_ns}:{found.st_size}"
        return states

    def _files(self) -> list[Path]:
        modules = [getattr(sys.modules[name], "__file__", None) for name in self._modules()]
        return sorted({*self.bank.files(self.question_id), *(Path(m) for m in modules if m)})

    def _modules(self) -> list[str]:
        inside = f"{self.bank.package.__name__}."
        return [name for name in sys.modules if name.startswith(inside)]

    def _forget(self) -> None:
        """Drop what was loaded; bytecode would hide a change made within the second that a file was saved in."""
        sys.dont_write_bytecode = True
        for name in self._modules():
            del sys.modules[name]
        importlib.invalidate_caches()
        self.bank = Bank(self.bank.name, self.bank.package)
