"""The HTML templates of the reports."""

from jinja2 import Template

from quizgen.formats.html import templates


def template(name: str) -> Template:
    """Return one template; everything that is not marked as safe is escaped."""
    return templates("autograder.reports").get_template(name)
