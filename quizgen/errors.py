"""Exceptions by whose fault they are; every message says what, which, got and wanted."""


class QuizgenError(Exception):
    """Anything a command reports as one line instead of a traceback."""


class AuthorError(QuizgenError):
    """A question breaks a promise: its author mends its files."""


class InstructorError(QuizgenError):
    """A blueprint, roster or option that cannot be followed: the instructor mends it."""


class StudentError(QuizgenError):
    """A hand-in that cannot be read: the student hands in again."""


class OperatorError(QuizgenError):
    """The machine, the database or the installation: whoever runs the program mends it."""
