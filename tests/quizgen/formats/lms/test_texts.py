"""What an export says of how choices are credited."""

import pytest
from msgspec.structs import replace

from quizgen.formats.lms.entries import Entry
from quizgen.formats.lms.markup import mathml_formula
from quizgen.formats.lms.texts import Texts
from quizgen.model import ConceptBody, Select

SUBTRACTED = {"en": "Wrong choices are subtracted", "zh": "选错会抵消"}
COMPLETE = {"en": "only the complete answer counts", "zh": "全部选对才得分"}


@pytest.mark.parametrize("language", SUBTRACTED)
@pytest.mark.parametrize("whole", [False, True])
def test_it_says_whether_only_the_complete_answer_counts(exams, language, whole):
    exam = next(iter(exams.values()))
    paper = next(p for p in exam.papers if p.language == language)
    item = next(i for i in paper.items if is_several(i.variant.body))
    body = replace(item.variant.body, all_or_nothing=whole)
    item = replace(item, variant=replace(item.variant, body=body))
    key = exam.keys[paper.student][item.number - 1]
    entry = Entry(item=item, key=key, record=exam.questions[item.variant.question], language=language)
    stem = Texts(entry, mathml_formula).stem()
    assert (COMPLETE[language] in stem) == whole
    assert (SUBTRACTED[language] in stem) != whole


def is_several(body):
    return isinstance(body, ConceptBody) and body.select is Select.SEVERAL
