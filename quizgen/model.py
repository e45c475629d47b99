"""The nouns as frozen, JSON-safe values: they hold no arrays and no functions.

Keys have types of their own and live apart from the papers, so that what renders for students cannot receive them.
"""

from enum import StrEnum
from typing import Any, TypeAlias

from msgspec import Struct, field

from quizgen.pictures import Picture
from quizgen.policy import Policy, TermsChange

Value: TypeAlias = Any
"""A JSON value: a number, a truth value, a text or (nested) lists of these."""

Language: TypeAlias = str
LANGUAGES: tuple[Language, ...] = ("en", "zh")
EXAM_FORMAT = 1


class Kind(StrEnum):
    """What is handed in."""

    NUMERIC = "numeric"
    CONCEPT = "concept"
    CODE = "code"


class Ask(StrEnum):
    """Which steps of a numeric question the paper asks for."""

    STEPS = "steps"
    FINAL = "final"


class Select(StrEnum):
    """What a concept question wants done with its options."""

    ONE = "one"
    SEVERAL = "several"
    MATCH = "match"
    ORDER = "order"


class Status(StrEnum):
    """How a response stands; *error* is ours and never costs a point."""

    CORRECT = "correct"
    PARTIAL = "partial"
    INCORRECT = "incorrect"
    BLANK = "blank"
    UNREADABLE = "unreadable"
    ERROR = "error"


class Rounding(Struct, frozen=True, kw_only=True):
    """To how many decimals, or else significant digits, a step is rounded."""

    decimals: int | None = None
    significant: int | None = None


class Field(Struct, frozen=True, kw_only=True):
    """One step as the paper asks for it; the shape () is a single number."""

    name: str
    shape: tuple[int, ...]
    rounding: Rounding


class NumericBody(Struct, frozen=True, kw_only=True, tag="numeric"):
    """The steps in order; `finals` are those that no other step needs."""

    fields: tuple[Field, ...]
    finals: tuple[str, ...]

    def asked(self, ask: Ask) -> tuple[Field, ...]:
        """Return the fields that a paper with this `ask` shows."""
        return self.fields if ask is Ask.STEPS else tuple(f for f in self.fields if f.name in self.finals)


class ConceptBody(Struct, frozen=True, kw_only=True, tag="concept"):
    """Which options of the pool are shown, in the order shown.

    For *match*, `options` are the pairs whose left sides are shown and `targets` the pairs whose right sides are.
    """

    select: Select
    options: tuple[int, ...]
    targets: tuple[int, ...] = ()
    all_or_nothing: bool = False


class Example(Struct, frozen=True, kw_only=True):
    """One call and what it returns, both as Python source."""

    call: str
    result: str


class CodeBody(Struct, frozen=True, kw_only=True, tag="code"):
    """The function to write, with one call that students may see."""

    function: str
    signature: str
    example: Example


Body: TypeAlias = NumericBody | ConceptBody | CodeBody


class StepKey(Struct, frozen=True, kw_only=True):
    """The right value of a step and how far from it, cell by cell, honest rounding can land."""

    name: str
    value: Value
    radius: Value


class NumericKey(Struct, frozen=True, kw_only=True, tag="numeric"):
    """The right values of all steps, in order."""

    steps: tuple[StepKey, ...]


class ConceptKey(Struct, frozen=True, kw_only=True, tag="concept"):
    """The right positions, counted from 0 in the order shown.

    For *one* and *several* the positions to tick, for *match* the target of each left side, for *order* the sequence.
    """

    right: tuple[int, ...]


class CodeKey(Struct, frozen=True, kw_only=True, tag="code"):
    """The reference decides: cases are drawn anew, with secret values, for every grading."""


Key: TypeAlias = NumericKey | ConceptKey | CodeKey


class Variant(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One concrete question: (question, version, seed) and what came of them."""

    question: str
    version: str
    seed: int
    givens: dict[str, Value]
    body: Body
    picture: Picture | None = None


class Item(Struct, frozen=True, kw_only=True):
    """A variant on a paper."""

    number: int
    points: float
    ask: Ask
    variant: Variant


class Paper(Struct, frozen=True, kw_only=True):
    """One student's form of the exam."""

    student: str
    name: str
    code: str
    language: Language
    items: tuple[Item, ...]
    email: str = ""
    extra_time: float = 0.0


class FrozenArray(Struct, frozen=True, kw_only=True, tag="array"):
    """An array of a code case, whole."""

    dtype: str
    shape: tuple[int, ...]
    data: list[Any]


class FrozenCase(Struct, frozen=True, kw_only=True):
    """One call of a code question with what it must return, kept for banks that change while an exam is open."""

    group: str
    arguments: list[Any]
    expected: Any


class CaseGroup(Struct, frozen=True, kw_only=True):
    """A named share of a code question's points.

    `max_ratio` is how many times the reference's processor time a group may take, None where time does not count.
    `strided` inputs arrive as views with gaps in memory.
    """

    name: str
    weight: float = 1.0
    visible: bool = False
    keeps_dtype: bool = False
    keeps_input: bool = False
    rtol: float = 1e-6
    atol: float = 1e-8
    max_ratio: float | None = None
    strided: bool = False


class QuestionRecord(Struct, frozen=True, kw_only=True):
    """All of a question that an exam freezes, once for all papers: its words, conventions and, for code, cases."""

    id: str
    version: str
    kind: Kind
    source: str
    level: int
    minutes: float
    conventions: tuple[str, ...]
    titles: dict[Language, str]
    words: dict[Language, dict[str, str]]
    convention_words: dict[Language, dict[str, str]] = {}
    groups: tuple[CaseGroup, ...] = ()
    cases: tuple[FrozenCase, ...] = ()


class Exam(Struct, frozen=True, kw_only=True):
    """The event: papers and, apart from them, the keys of each paper's items.

    `changes` tell what policy, minutes and extra time were before, oldest first.
    """

    title: str
    language: Language
    seed: int
    program: str
    banks: dict[str, str]
    questions: dict[str, QuestionRecord]
    papers: tuple[Paper, ...]
    keys: dict[str, tuple[Key, ...]]
    notes: dict[Language, str] = {}
    minutes: float = 0.0
    policy: Policy = Policy()
    changes: tuple[TermsChange, ...] = ()
    format: int = EXAM_FORMAT

    def paper_of(self, student: str) -> Paper | None:
        """Return the paper of that student id, or None."""
        return next((p for p in self.papers if p.student == student), None)


class Reason(Struct, frozen=True, kw_only=True):
    """Why, as the name of a phrase and its values: it is put into words in the reader's language."""

    phrase: str
    values: dict[str, str] = {}


class Finding(Struct, frozen=True, kw_only=True):
    """An explanation of a wrong response: mistakes made together, each a group of names that cannot be told apart.

    `other_convention` is set where the response is right under another convention than the one the paper names.
    It is not `certain` where a guess would hit one of the mistakes' few values about as easily.
    """

    step: str
    mistakes: tuple[tuple[str, ...], ...] = ()
    look: Reason | None = None
    other_convention: bool = False
    certain: bool = True


class StepVerdict(Struct, frozen=True, kw_only=True):
    """Judgement of one asked step; `carried` means that it follows from the student's own earlier, wrong value."""

    name: str
    status: Status
    credit: float
    weight: float = 1.0
    response: Value = None
    raw: str = ""
    cells: Value = None
    carried: bool = False
    reason: Reason | None = None


class NumericDetail(Struct, frozen=True, kw_only=True, tag="numeric"):
    """Step by step, and what went wrong first."""

    steps: tuple[StepVerdict, ...]
    first_wrong: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def mistakes(self) -> tuple[str, ...]:
        """Name the mistakes that explain it, each once."""
        return tuple(dict.fromkeys(name for f in self.findings for group in f.mistakes for name in group))

    @property
    def looks(self) -> tuple[Reason, ...]:
        """Say in which other forms the right numbers were recognized."""
        return tuple(finding.look for finding in self.findings if finding.look is not None)

    @property
    def other_convention(self) -> bool:
        """Say whether something is right under another convention than the paper's."""
        return any(finding.other_convention for finding in self.findings)

    @property
    def certain(self) -> bool:
        """Say whether no explanation might as well be a lucky guess."""
        return all(finding.certain for finding in self.findings)

    @property
    def either(self) -> bool:
        """Say whether some explanations exclude each other: those of a group, and those of one step."""
        explained = [finding.step for finding in self.findings if finding.mistakes]
        groups = [group for finding in self.findings for group in finding.mistakes]
        return len(explained) > len(set(explained)) or any(len(group) > 1 for group in groups)


class ConceptDetail(Struct, frozen=True, kw_only=True, tag="concept"):
    """What was chosen, as positions counted from 0 in the order shown; -1 where one was left out."""

    chosen: tuple[int, ...]


class GroupVerdict(Struct, frozen=True, kw_only=True):
    """Judgement of one group of cases: the first case that failed, in words."""

    name: str
    weight: float
    passed: int
    total: int
    reason: Reason | None = None
    traceback: tuple[str, ...] = ()


class CodeDetail(Struct, frozen=True, kw_only=True, tag="code"):
    """Group by group; `mistakes` are those that the function behaves exactly like."""

    groups: tuple[GroupVerdict, ...]
    mistakes: tuple[str, ...] = ()
    output: str = ""
    traceback: tuple[str, ...] = ()


Detail: TypeAlias = NumericDetail | ConceptDetail | CodeDetail


class Verdict(Struct, frozen=True, kw_only=True):
    """Judgement of one response; `credit` is the share of the item's points."""

    item: int
    status: Status
    credit: float
    points: float
    detail: Detail | None = None
    reason: Reason | None = None
    notes: tuple[Reason, ...] = ()


class Submission(Struct, frozen=True, kw_only=True):
    """A whole hand-in as found: texts exactly as handed in, None where a file was missing."""

    student: str
    digest: str
    answers: bytes | None = None
    solution: bytes | None = None
    problems: tuple[Reason, ...] = ()


class Grading(Struct, frozen=True, kw_only=True):
    """One recorded marking of a submission: appended, never updated."""

    student: str
    digest: str
    verdicts: tuple[Verdict, ...]
    points: float
    possible: float
    level: int | None
    seconds: float
    program: str
    banks: dict[str, str]
    seed: int
    problems: tuple[Reason, ...] = ()
    graded_at: str = ""
    notes: tuple[Reason, ...] = field(default=())
