"""How long a text in a box may be."""

from autograder.web.call import RefusedError
from autograder.web.form import SOURCE, Saved

LONGEST_ANSWER = 2_000
"""Characters of a box that is not code; a pasted matrix is below."""
LONGEST_SOURCE = 20_000


def check_lengths(texts: Saved) -> None:
    """Refuse what is longer than anything that is asked for."""
    for number, found in texts.items():
        for field, text in found.items():
            longest = LONGEST_SOURCE if field == SOURCE else LONGEST_ANSWER
            if len(text) > longest:
                raise RefusedError(413, "page-answer-too-long", item=str(number), longest=str(longest))
