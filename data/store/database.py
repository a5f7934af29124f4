"""The database and its transactions: SQLite in the data directory, or PostgreSQL by one setting."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from sqlite3 import SQLITE_BUSY
from sqlite3 import Connection as SqliteConnection
from sqlite3 import Cursor as SqliteCursor
from sqlite3 import OperationalError as SqliteError

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.orm import Session

from data.store.audit import SERVICE, Actor
from data.store.migrate import migrate
from wfm.errors import WfmError

FILE_NAME = "wfm.sqlite3"
SETTING = "WFM_DATABASE"
BUSY_SECONDS = 30
"""A writer of SQLite waits that long for the others."""
IDLE_SECONDS = 60
"""A transaction in which nothing happens for so long is ended by PostgreSQL; checking a large plan takes a few seconds."""


class Store:
    """The database: `database` is the address of a PostgreSQL; without it, the environment's WFM_DATABASE is; without that,
    it is a SQLite file (write-ahead log, foreign keys enforced) in `data_dir`, which is made when missing.

    Safe to use from several threads and processes. Opening brings the tables up to date (`data.store.migrate`). Raises
    WfmError when the address is none, when nothing answers there, or when a newer program made the tables.
    """

    def __init__(self, data_dir: Path, database: str | None = None) -> None:
        url = database_url(data_dir, database)
        self.data_dir = data_dir
        is_sqlite = url.get_backend_name() == "sqlite"
        self.name = str(url.database) if is_sqlite else url.render_as_string(hide_password=True)
        data_dir.mkdir(parents=True, exist_ok=True)
        connect = _connect_sqlite if is_sqlite else _connect_postgresql
        migrating = connect(url, migrating=True).execution_options(begin="BEGIN IMMEDIATE")
        try:
            migrate(migrating, self.name)
        except OperationalError as error:
            raise WfmError(f"The database {self.name} cannot be opened: {str(error.orig).strip()}") from error
        finally:
            migrating.dispose()
        engine = connect(url)
        # A writer takes SQLite's one write lock when it begins: a transaction that reads first and writes later
        # could otherwise fail because another one wrote in between.
        self._writing = engine.execution_options(begin="BEGIN IMMEDIATE")
        self._reading = (
            engine
            if is_sqlite
            else engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        )

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One read-only transaction: everything read in it is of one moment."""
        with Session(self._reading, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self, by: Actor = SERVICE) -> Iterator[Session]:
        """One transaction: all of it is stored when the block ends, none of it when it raises. `by` is who does it, for the
        audit log.

        PostgreSQL lets several write at once: who decides by a row and then changes it must lock the row, as the functions
        of `data.store` do that take part in a change.
        """
        with Session(self._writing, expire_on_commit=False, info={"by": by}) as session, session.begin():
            yield session

    def close(self) -> None:
        self._writing.dispose()


def database_url(data_dir: Path, database: str | None = None) -> URL:
    """Where the data are, see `Store`. Raises WfmError on an address that is none of PostgreSQL."""
    wanted = database or os.environ.get(SETTING)
    if not wanted:
        return URL.create("sqlite", database=str(data_dir / FILE_NAME))
    try:
        url = make_url(wanted)
    except ArgumentError:
        url = None
    # The address may hold a password: it is not repeated.
    if url is None or url.drivername not in {"postgresql", "postgresql+psycopg"}:
        raise WfmError(
            f"--database or {SETTING} is no address of a PostgreSQL database. "
            "Give postgresql+psycopg://USER@HOST/DATABASE, or leave it out for SQLite in the data directory."
        )
    return url.set(drivername="postgresql+psycopg")


def _connect_sqlite(url: URL, *, migrating: bool = False) -> Engine:
    engine = create_engine(
        url, connect_args={"timeout": BUSY_SECONDS}, **({"poolclass": NullPool} if migrating else {})
    )
    event.listen(engine, "connect", partial(_set_pragmas, foreign_keys=not migrating))
    event.listen(engine, "begin", _begin)
    return engine


def _connect_postgresql(url: URL, *, migrating: bool = False) -> Engine:
    # The ping notices a server that was started anew; sixteen connections serve all threads of one process. A machine that
    # loses its power in the middle of a transaction must not keep its locks for hours.
    pooled = {
        "pool_pre_ping": True,
        "max_overflow": 11,
        "connect_args": {"options": f"-c idle_in_transaction_session_timeout={IDLE_SECONDS}s"},
    }
    return create_engine(url, **({"poolclass": NullPool} if migrating else pooled))


def _set_pragmas(connection: SqliteConnection, _record: object, *, foreign_keys: bool) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own: `_begin` does
    cursor = connection.cursor()
    _write_ahead(cursor)
    cursor.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _write_ahead(cursor: SqliteCursor) -> None:
    """Switches to the write-ahead log. Of several processes that do so on a new file at once, SQLite refuses some at once
    instead of letting them wait as for any other lock.
    """
    refused_after = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except SqliteError as error:
            if error.sqlite_errorcode != SQLITE_BUSY or time.monotonic() > refused_after:
                raise
            time.sleep(0.01)
        else:
            return


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))
