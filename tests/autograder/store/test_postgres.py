"""The same store on a real PostgreSQL."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from autograder.store import open_store, upgrade
from autograder.store.engine import connection, make_engine, read_url
from autograder.store.schema import Base
from quizgen.errors import OperatorError
from quizgen.model import Reason


def test_the_migrations_make_the_tables_of_the_schema(postgres):
    open_store(postgres, create=True).close()
    engine = make_engine(read_url(postgres))
    with engine.connect() as opened:
        context = MigrationContext.configure(opened, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_hand_ins_and_gradings_come_back_whole(postgres, exam, hand_in, grade):
    problems = (Reason(phrase="no-files", values={"found": "é�"}),)
    with open_store(postgres, create=True) as store:
        store.add_exam(exam)
        assert store.save_submission(hand_in(problems=problems))
        assert not store.save_submission(hand_in(problems=problems))
        assert store.latest_submissions() == (hand_in(problems=problems),)
        grading = grade(graded_at="2026-03-01T00:00:00+00:00")
        store.save_grading(grading)
        assert [repr(g) for g in store.latest_gradings()] == [repr(grading)]
        assert store.is_graded("zoe", "a" * 64)


def test_older_and_newer_databases_give_the_messages(postgres):
    with pytest.raises(OperatorError, match="autograder db upgrade EXAM"):
        open_store(postgres, create=False)
    upgrade(postgres)
    open_store(postgres, create=False).close()
    engine = make_engine(read_url(postgres))
    with connection(engine, writes=True) as opened:
        opened.execute(text("UPDATE alembic_version SET version_num = 'ffff'"))
    engine.dispose()
    with pytest.raises(OperatorError, match="newer program"):
        open_store(postgres, create=False)
