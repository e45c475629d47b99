"""What students fill in: answers.toml with an empty place per answer, solution.py with stubs."""

import textwrap

from quizgen.formats.sheet import choice_rule, points, wanted_words
from quizgen.marking.concept import LETTERS
from quizgen.model import CodeBody, ConceptBody, Exam, Item, Language, NumericBody, Paper, QuestionRecord, Select
from quizgen.solution import picture_text
from quizgen.wording.phrases import phrase

HEADS = {
    "en": (
        "# Write each answer between the quotation marks. All of these are understood:\n"
        '#   one number   "0.25"   "-1/3"   "2e-3"\n'
        '#   several      "0.1, -0.2"\n'
        '#   a matrix     "1, 2; 3, 4"   or   [[1, 2], [3, 4]]   or what NumPy prints\n'
        '#   a choice     "B"            several choices, matches and orders   "A, C"\n'
        "# Leave an answer empty to skip it."
    ),
    "zh": (
        "# 请把答案写在引号之间，以下写法都可以：\n"
        '#   一个数   "0.25"   "-1/3"   "2e-3"\n'
        '#   多个数   "0.1, -0.2"\n'
        '#   矩阵     "1, 2; 3, 4"   或   [[1, 2], [3, 4]]   或 NumPy 打印的样子\n'
        '#   选择     "B"            多选、配对、排序   "A, C"\n'
        "# 不作答就留空。"
    ),
}
EXAMPLE_HEADS = {"en": "Example", "zh": "示例"}
STUB_HEADS = {
    "en": "Write your functions here. NumPy and the standard library are there; files and the network are not.",
    "zh": "在这里编写函数。可以使用 NumPy 和标准库，不能访问文件和网络。",
}


def answers_form(paper: Paper, exam: Exam) -> str:
    """Return answers.toml, to be filled in."""
    parts = [f"# {exam.title}: {paper.name}\n{HEADS[paper.language]}\n"]
    parts.append(f"student = {_quoted(paper.student)}\npaper = {_quoted(paper.code)}\n")
    for item in paper.items:
        record = exam.questions[item.variant.question]
        title = f"{item.number}. {record.titles[paper.language]} ({points(item.points, paper.language)})"
        about = _picture(item, record, paper.language)
        parts.append(f"[item{item.number}]  # {title}\n{about}{_places(item, paper.language)}\n")
    return "\n".join(parts)


def _picture(item: Item, record: QuestionRecord, language: Language) -> str:
    """Say in a comment what the item's picture shows."""
    text = picture_text(item.variant, record.words[language])
    return f"# {phrase('picture', language)}: {text}\n" if text else ""


def _places(item: Item, language: Language) -> str:
    body = item.variant.body
    if isinstance(body, CodeBody):
        return f"# solution.py: {body.function}"
    return "\n".join(line for _, line in answer_places(item, language))


def answer_places(item: Item, language: Language) -> list[tuple[str, str]]:
    """Return each answer's name with the line to fill in, which is TOML and Python alike."""
    match item.variant.body:
        case NumericBody() as body:
            return [(f.name, f'{f.name} = ""  # {wanted_words(f, language, alone=True)}') for f in body.asked(item.ask)]
        case ConceptBody() as body:
            return [("answer", f'answer = ""  # {choice_rule(body, language)} {_letters(body)}')]
        case CodeBody():
            return []


def _letters(body: ConceptBody) -> str:
    shown = len(body.targets) if body.select is Select.MATCH else len(body.options)
    return f"{LETTERS[0]}-{LETTERS[shown - 1]}"


def solution_stub(paper: Paper, exam: Exam) -> str | None:
    """Return solution.py with a stub per function, or None for a paper without code."""
    stubs = [
        function_stub(item, item.variant.body, exam.questions[item.variant.question], paper.language)
        for item in paper.items
        if isinstance(item.variant.body, CodeBody)
    ]
    if not stubs:
        return None
    head = f'"""{_safe(exam.title)}, {paper.code}: {STUB_HEADS[paper.language]}"""\n\nimport numpy as np\n'
    return "\n\n".join([head, *stubs])


def function_stub(item: Item, body: CodeBody, record: QuestionRecord, language: Language) -> str:
    """Return one function to fill in, with what it does and an example in its docstring."""
    text = _safe(record.words[language]["docstring"].strip())
    example = f"{EXAMPLE_HEADS[language]}:\n\n>>> {body.example.call}\n{body.example.result}"
    docstring = textwrap.indent(f'"""{text}\n\n{example}\n"""', "    ", lambda line: bool(line.strip()))
    heading = f"# {item.number}. {record.titles[language]}"
    return f'{heading}\ndef {body.signature}:\n{docstring}\n    raise NotImplementedError("{body.function}")\n'


def _safe(text: str) -> str:
    """Keep a text from ending the docstring that it stands in."""
    return text.replace("\\", "\\\\").replace('"""', "'''")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
