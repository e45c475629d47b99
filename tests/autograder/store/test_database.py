import logging
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

import autograder
from autograder.store import open_store, upgrade
from autograder.store.engine import connection, make_engine, place, read_url
from autograder.store.revisions import scripts
from autograder.store.schema import Base
from quizgen.errors import OperatorError


@pytest.fixture
def path(tmp_path):
    return tmp_path / "grades.db"


def stamp(path, revision):
    with sqlite3.connect(path) as raw:
        raw.execute("DELETE FROM alembic_version")
        if revision:
            raw.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
    raw.close()


def make(path):
    open_store(path, create=True).close()


def test_the_migrations_make_the_tables_of_the_schema(path):
    make(path)
    engine = make_engine(read_url(path))
    with engine.connect() as opened:
        context = MigrationContext.configure(opened, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_constraints_have_the_names_of_the_convention(path):
    make(path)
    with sqlite3.connect(path) as raw:
        made = " ".join(sql for (sql,) in raw.execute("SELECT sql FROM sqlite_master WHERE sql NOT NULL"))
    raw.close()
    constraints = [c for table in Base.metadata.tables.values() for c in table.constraints | table.indexes]
    assert len(constraints) >= 16
    assert [c.name for c in constraints if str(c.name) not in made] == []


def test_what_is_saved_is_there_when_opened_again(path, exam, hand_in, grade):
    for _ in range(2):
        with open_store(path, create=True) as store:
            store.add_exam(exam)
            store.save_submission(hand_in())
            store.save_grading(grade())
    with open_store(str(path), create=False) as store:
        store.add_exam(exam)
        assert len(store.gradings_of("zoe")) == 2


def test_sqlite_checks_references_and_keeps_a_log(path):
    with open_store(path, create=True) as store, store._engine.connect() as opened:
        pragmas = {
            p: opened.exec_driver_sql(f"PRAGMA {p}").scalar() for p in ("foreign_keys", "journal_mode", "synchronous")
        }
    assert pragmas == {"foreign_keys": 1, "journal_mode": "wal", "synchronous": 2}


def test_readers_do_not_wait_for_a_writer(path, exam, hand_in):
    with open_store(path, create=True) as writer, open_store(path, create=False) as reader:
        writer.add_exam(exam)
        reader.add_exam(exam)
        with connection(writer._engine, writes=True):
            assert reader.latest_submissions() == ()
        writer.save_submission(hand_in())
        assert len(reader.latest_submissions()) == 1


def test_two_writers_wait_for_each_other(path, exam, make_exam, hand_in):
    students = [f"s{i}" for i in range(20)]
    exam = make_exam(*students)

    def write(digest):
        with open_store(path, create=True) as store:
            store.add_exam(exam)
            return [store.save_submission(hand_in(s, digest)) for s in students]

    with ThreadPoolExecutor(4) as pool:
        assert all(all(new) for new in pool.map(write, "abcd"))


def test_an_older_database_names_the_command(path):
    make(path)
    stamp(path, None)
    with pytest.raises(
        OperatorError, match=r"grades\.db: made by an older program; `autograder db upgrade EXAM` upgrades it"
    ):
        open_store(path, create=True)


def test_an_empty_database_is_upgraded_by_the_command(path, exam):
    path.touch()
    with pytest.raises(OperatorError, match="autograder db upgrade EXAM"):
        open_store(path, create=False)
    upgrade(path)
    upgrade(path)
    with open_store(path, create=False) as store:
        store.add_exam(exam)


@pytest.mark.parametrize(
    "opening", [lambda p: open_store(p, create=False), lambda p: open_store(p, create=True), upgrade]
)
def test_a_newer_database_is_left_alone(path, opening):
    make(path)
    stamp(path, "ffff")
    with pytest.raises(OperatorError, match=r"made by a newer program .*'ffff'"):
        opening(path)


@pytest.mark.parametrize(
    "opening", [lambda p: open_store(p, create=False), lambda p: open_store(p, create=True), upgrade]
)
def test_another_programs_database_is_left_alone(path, opening):
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE bookmarks (id INTEGER)")
    raw.close()
    with pytest.raises(OperatorError, match="another program: it holds the table 'bookmarks'"):
        opening(path)


@pytest.mark.parametrize("create", [True, False])
def test_a_file_that_is_no_database(path, create):
    path.write_text("not a database at all\n" * 100)
    with pytest.raises(OperatorError, match=r"grades\.db: not a database$"):
        open_store(path, create=create)
    assert path.read_text().startswith("not a database")


def test_places_where_no_database_can_be(tmp_path):
    with pytest.raises(OperatorError, match="no such database"):
        open_store(tmp_path / "grades.db", create=False)
    with pytest.raises(OperatorError, match=r"no folder .*missing"):
        open_store(tmp_path / "missing" / "grades.db", create=True)
    with pytest.raises(OperatorError, match="unable to open database file"):
        open_store(tmp_path, create=False)
    assert list(tmp_path.iterdir()) == []


def test_urls():
    with pytest.raises(OperatorError, match="URL cannot be read"):
        open_store("://", create=False)
    with pytest.raises(OperatorError, match="URL cannot be read"):
        open_store("postgresql://me:secret@host:port/grades", create=False)
    with pytest.raises(OperatorError, match="no support for 'sqlserver'"):
        open_store("sqlserver://host/x", create=False)
    url = read_url("postgresql://me:secret@host/grades")
    assert place(url) == "postgresql+psycopg://me:***@host/grades"
    assert place(read_url("sqlite:////data/x.db")) == "/data/x.db"


def test_a_missing_driver_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    with pytest.raises(OperatorError, match="the Python package 'psycopg' is not installed"):
        open_store("postgresql://me:secret@host/grades", create=False)


def test_alembic_neither_prints_nor_touches_logging(path, capfd):
    def state():
        loggers = [logging.root, logging.getLogger("alembic"), logging.getLogger("sqlalchemy")]
        return [(list(each.handlers), each.level, each.disabled) for each in loggers]

    before = state()
    make(path)
    upgrade(path)
    assert state() == before
    assert capfd.readouterr() == ("", "")


def test_the_migrations_are_found_in_an_installed_package(tmp_path, path, monkeypatch):
    package = tmp_path / "site" / "autograder"
    shutil.copytree(scripts(), package / "_migrations")
    monkeypatch.setattr(autograder, "__file__", str(package / "__init__.py"))
    assert scripts() == package / "_migrations"
    make(path)


def test_the_migrations_are_found_where_a_path_has_a_percent_sign(tmp_path, path, monkeypatch):
    package = tmp_path / "100%" / "autograder"
    shutil.copytree(scripts(), package / "_migrations")
    monkeypatch.setattr(autograder, "__file__", str(package / "__init__.py"))
    make(path)


def test_an_upgrade_that_fails_changes_nothing(tmp_path, path, monkeypatch):
    package = tmp_path / "site" / "autograder"
    shutil.copytree(scripts(), package / "_migrations")
    broken = 'revision, down_revision = "broken", "0003"\nfrom alembic import op\n\n\ndef upgrade():\n'
    broken += '    op.drop_table("verdict")\n    op.drop_table("absent")\n'
    (package / "_migrations" / "versions" / "9999_broken.py").write_text(broken)
    make(path)
    monkeypatch.setattr(autograder, "__file__", str(package / "__init__.py"))
    with pytest.raises(OperatorError, match="older program"):
        open_store(path, create=False)
    with pytest.raises(OperatorError, match="no such table: absent"):
        upgrade(path)
    monkeypatch.undo()
    open_store(path, create=False).close()
    with sqlite3.connect(path) as raw:
        assert raw.execute("SELECT count(*) FROM verdict").fetchone() == (0,)
    raw.close()
