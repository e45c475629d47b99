"""The HTML templates of the reports."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from quizgen.wording.phrases import phrase


@cache
def _environment() -> Environment:
    found = Environment(
        loader=PackageLoader("autograder.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals.update(phrase=phrase)
    return found


def template(name: str) -> Template:
    """Return one template; everything that is not marked as safe is escaped."""
    return _environment().get_template(name)
