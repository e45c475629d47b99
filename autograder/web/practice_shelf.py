"""What there is to practice: the bank by topic, less what stands on an exam that is being answered."""

from dataclasses import dataclass
from urllib.parse import quote

from autograder.sitting import Stage, is_released, stage
from autograder.web.call import Call
from quizgen.bank import Question, Shelf
from quizgen.model import Language
from quizgen.wording.phrases import catalogue


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One question of the list; what is kept back has no link."""

    id: str
    title: str
    language: Language
    kind: str
    level: int
    minutes: str
    kept_back: bool


@dataclass(frozen=True, kw_only=True)
class Topic:
    """The questions of one topic, easy ones first; `name` is the reader's word for it."""

    id: str
    name: str
    entries: tuple[Entry, ...]


def kept_back(call: Call) -> frozenset[str]:
    """Name the questions whose worked solutions would help this reader to answer the exam.

    They are those of all its papers, from when the student sees the paper until the feedback is released and nothing
    more can be handed in. Before, none is kept back: that would tell what is on the paper.
    """
    if call.me.is_instructor:
        return frozenset()
    site = call.site
    match stage(site.exam, site.store.page.sitting(call.paper), call.now):
        case Stage.NOT_YET | Stage.READY:
            return frozenset()
        case Stage.DONE if is_released(site.exam, call.now, by_hand=site.store.page.released()):
            return frozenset()
        case _:
            return frozenset(site.exam.questions)


def topics(shelf: Shelf, kept: frozenset[str], language: Language) -> tuple[Topic, ...]:
    """List the bank for a reader of this language."""
    questions = list(shelf)
    return tuple(
        Topic(
            id=topic,
            name=topic_name(topic, language),
            entries=tuple(
                _entry(q, language, kept_back=q.id in kept)
                for q in sorted((q for q in questions if q.topic == topic), key=lambda q: (q.facts.level, q.id))
            ),
        )
        for topic in shelf.topics
    )


def practice_path(question_id: str) -> str:
    """Return where a question is practiced."""
    return f"/practice/{quote(question_id)}"


def language_for(question: Question, language: Language) -> Language:
    """Return the language in which a reader of this one gets a question: its own where it has no other."""
    return language if language in question.languages else question.languages[0]


def topic_name(topic: str, language: Language) -> str:
    """Return the reader's word for a topic; those of banks that we do not know are called as their folders are."""
    return catalogue(language).get(f"topic-{topic}", topic.replace("-", " ").capitalize())


def _entry(question: Question, language: Language, *, kept_back: bool) -> Entry:
    found = language_for(question, language)
    return Entry(
        id=question.id,
        title=question.title(found),
        language=found,
        kind=question.kind.value,
        level=question.facts.level,
        minutes=f"{question.facts.minutes:g}",
        kept_back=kept_back,
    )
