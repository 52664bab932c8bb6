"""Opening a database: new, up to date, old, newer, not ours, not there."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, event, make_url

from aggregator.errors import StoreError
from aggregator.model import Learned, SourceState
from aggregator.store import sqlite
from aggregator.store.database import MIGRATIONS, Database, open_store
from aggregator.store.schema import HEAD, metadata
from tests.fakes import NOON
from tests.make_store import keep, open_at


def file_of(folder: Path) -> Path:
    return folder / "kho" / "tin.db"


@pytest.fixture
def raw(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Another program's connection to the same file."""
    open_at(tmp_path).close()
    connection = sqlite3.connect(file_of(tmp_path), isolation_level=None)
    yield connection
    connection.close()


def test_the_folder_of_a_new_database_is_made(tmp_path: Path) -> None:
    open_at(tmp_path).close()
    assert file_of(tmp_path).is_file()


def test_the_migrations_make_the_tables_that_the_code_knows(tmp_path: Path) -> None:
    engine = sqlite.engine_for(made(tmp_path), busy_timeout_s=1)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def made(folder: Path) -> URL:
    open_at(folder).close()
    return make_url(f"sqlite:///{file_of(folder)}")


def test_the_migrated_shelf_index_has_the_order_of_a_shelf(raw: sqlite3.Connection) -> None:
    (sql,) = raw.execute("SELECT sql FROM sqlite_master WHERE name = 'ix_placements_order'").fetchone()
    assert "(shelf, at DESC, authority DESC, story)" in sql


def test_a_developer_can_compare_and_migrate_with_alembics_own_command(tmp_path: Path) -> None:
    config = Config(MIGRATIONS / "alembic.ini")
    config.set_main_option("sqlalchemy.url", f"sqlite:///{tmp_path}/tin.db")
    command.upgrade(config, "head")
    command.check(config)


def test_a_source_of_the_first_release_comes_along_with_nothing_learned(tmp_path: Path) -> None:
    config = Config(MIGRATIONS / "alembic.ini")
    config.set_main_option("sqlalchemy.url", f"sqlite:///{file_of(tmp_path)}")
    file_of(tmp_path).parent.mkdir(parents=True, exist_ok=True)
    command.upgrade(config, "0001")
    with closing(sqlite3.connect(file_of(tmp_path))) as raw:
        raw.execute("INSERT INTO sources (id, health) VALUES ('so', 'ok')")
        raw.commit()
    store = open_at(tmp_path)
    assert store.states() == {"so": SourceState("so", "ok")}
    store.close()


@pytest.mark.parametrize("version", ["0001", "0002"])
def test_a_database_of_an_earlier_release_comes_along_with_its_visits_and_nothing_held(
    tmp_path: Path, version: str
) -> None:
    config = Config(MIGRATIONS / "alembic.ini")
    config.set_main_option("sqlalchemy.url", f"sqlite:///{file_of(tmp_path)}")
    file_of(tmp_path).parent.mkdir(parents=True, exist_ok=True)
    command.upgrade(config, version)
    with closing(sqlite3.connect(file_of(tmp_path))) as raw:
        raw.execute("INSERT INTO runs (id, started_at, ended_at) VALUES ('r', 0, 0)")
        for hour in (1, 2):
            raw.execute(
                "INSERT INTO visits (run, source, started_at, ended_at, outcome, requests, new, skips) "
                f"VALUES ('r', 'so', {hour}, {hour}, 'ok', 3, {hour}, '[]')"
            )
        raw.commit()
    store = open_at(tmp_path)
    assert store.waiting(9) == () and store.learned("so") == Learned(new=(2,))
    store.close()


def test_the_code_names_the_newest_migration() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == HEAD


def test_a_database_that_is_up_to_date_is_opened_without_alembic(tmp_path: Path) -> None:
    open_at(tmp_path).close()
    code = (
        "import sys, datetime; from aggregator.store.database import open_store;"
        f"open_store('sqlite:///{file_of(tmp_path)}', clock=lambda: None).close();"
        "sys.exit('alembic' in sys.modules or 'sqlalchemy.dialects.postgresql' in sys.modules)"
    )
    root = Path(__file__).resolve().parents[3]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


def test_opening_again_finds_what_was_kept(tmp_path: Path) -> None:
    store = open_at(tmp_path)
    keep(store, "a1")
    store.close()
    store = open_at(tmp_path)
    assert store.everything().stories == ("a1",)
    store.close()


def test_a_database_of_a_newer_version_is_refused_untouched(tmp_path: Path, raw: sqlite3.Connection) -> None:
    raw.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match=r"newer version .* at 9999, this version knows " + HEAD + r"\); install"):
        open_at(tmp_path)
    assert raw.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)


def test_two_that_open_a_new_database_at_once_both_find_it_ready(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(lambda _: open_at(tmp_path), range(4)))
    keep(stores[0], "a1")
    assert [store.everything().stories for store in stores] == [("a1",)] * 4
    for store in stores:
        store.close()


def test_the_database_is_in_wal_mode_with_foreign_keys_checked(raw: sqlite3.Connection, tmp_path: Path) -> None:
    assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    engine = sqlite.engine_for(made(tmp_path), busy_timeout_s=1)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    engine.dispose()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("not a url", "is no database URL; write sqlite:///"),
        ("mysql://host/name", "mysql databases are not supported"),
        ("sqlite://", "in memory would forget"),
        ("sqlite:///:memory:", "in memory would forget"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused_with_what_to_write(url: str, words: str) -> None:
    with pytest.raises(StoreError, match=words):
        open_store(url, clock=lambda: NOON)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "kho").write_text("đây là tệp")
    with pytest.raises(StoreError, match=r"kho/tin\.db: cannot create its folder"):
        open_at(tmp_path)


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "kho").mkdir()
    file_of(tmp_path).write_text("không phải cơ sở dữ liệu " * 99)
    with pytest.raises(StoreError, match="cannot open the database: the file is no SQLite database"):
        open_at(tmp_path)
    assert file_of(tmp_path).read_text().startswith("không phải")


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    file_of(tmp_path).mkdir(parents=True)
    with pytest.raises(StoreError, match="it cannot be opened"):
        open_at(tmp_path)


def test_a_locked_database_is_told_as_such_without_a_long_wait(tmp_path: Path, raw: sqlite3.Connection) -> None:
    store = open_at(tmp_path, busy_timeout_s=0.05)
    raw.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match=r"cannot write the visit to so: it is locked: another run"):
        keep(store, "a1")
    assert store.everything().stories == ()
    raw.execute("ROLLBACK")
    keep(store, "a1")
    assert store.everything().stories == ("a1",)
    store.close()


def test_a_new_database_that_is_locked_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "kho").mkdir()
    holder = sqlite3.connect(file_of(tmp_path), isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="it is locked"):
        open_at(tmp_path, busy_timeout_s=0.05)
    holder.close()


def test_a_read_only_database_is_told_as_such(tmp_path: Path) -> None:
    open_at(tmp_path).close()
    store = open_store(f"sqlite:///file:{file_of(tmp_path)}?mode=ro&uri=true", clock=lambda: NOON)
    with pytest.raises(StoreError, match="it is read-only; give this user the right"):
        keep(store, "a1")
    store.close()


def test_a_full_disk_is_told_as_such_and_nothing_is_written(tmp_path: Path) -> None:
    engine = sqlite.engine_for(made(tmp_path), busy_timeout_s=1)

    @event.listens_for(engine, "connect")
    def _small(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # it becomes as many as there are now: no page may be added

    store = Database(engine, lambda: NOON)
    with pytest.raises(StoreError, match="the disk is full; free some space"):
        keep(store, *(f"a{number}" for number in range(500)))
    assert store.everything().stories == ()
    store.close()


def test_a_password_in_the_url_is_not_shown() -> None:
    pytest.importorskip("psycopg", reason="no PostgreSQL driver is installed")
    with pytest.raises(StoreError) as caught:
        open_store("postgresql+psycopg://ai:bimat@127.0.0.1:1/tin", clock=lambda: NOON)
    assert "bimat" not in str(caught.value)


@pytest.mark.skipif(find_spec("psycopg2") is not None, reason="the driver is installed")
def test_a_missing_postgresql_driver_is_named() -> None:
    with pytest.raises(StoreError, match="postgresql needs the package 'psycopg2'"):
        open_store("postgresql+psycopg2://ai@127.0.0.1:1/tin", clock=lambda: NOON)
