"""The database file and its transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection

from sqlalchemy import Connection, create_engine, event, select
from sqlalchemy.orm import Session

from data.store.tables import SCHEMA_VERSION, Base, StoredVersion
from data.store.upgrade import upgrade
from wfm.errors import WfmError

FILE_NAME = "wfm.sqlite3"


class Store:
    """A SQLite database (write-ahead log, foreign keys enforced) in `data_dir`, which is made when missing.

    Safe to use from several threads. Raises WfmError when the file was made by another version of the tables.
    """

    def __init__(self, data_dir: Path) -> None:
        data_dir.mkdir(parents=True, exist_ok=True)
        self.path = data_dir / FILE_NAME
        self._engine = create_engine(f"sqlite:///{self.path}", connect_args={"timeout": 30})
        event.listen(self._engine, "connect", _set_pragmas)
        event.listen(self._engine, "begin", _begin)
        # A writer takes SQLite's one write lock when it begins: a transaction that reads first and writes later
        # could otherwise fail because another one wrote in between.
        self._writing = self._engine.execution_options(begin="BEGIN IMMEDIATE")
        Base.metadata.create_all(self._writing)
        with self.write() as session:
            version = session.scalar(select(StoredVersion))
            if version is None:
                session.add(StoredVersion(version=SCHEMA_VERSION))
            elif not upgrade(session, version):
                raise WfmError(
                    f"{self.path} holds tables of version {version.version}, this program reads version {SCHEMA_VERSION}. "
                    "Use the program that made it, or another data directory."
                )

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One read-only transaction: everything read in it is of one moment."""
        with Session(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: all of it is stored when the block ends, none of it when it raises."""
        with Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        self._engine.dispose()


def _set_pragmas(connection: SqliteConnection, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own: `_begin` does
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))
