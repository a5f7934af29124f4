"""Brings a database's tables up to date, in the one transaction that opens it: all of it is done, or nothing.

The steps are Alembic's, in `data/migrations/versions`. Of several processes that open a database at once, one takes them
and the others wait for it.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

import data.migrations
from wfm.errors import WfmError

LOCK = 0x77666D
"""Number of the advisory lock that is held in PostgreSQL meanwhile."""

_BEFORE_ALEMBIC = {1: "0001", 2: "0002"}
"""Tables that were numbered by hand, in a table `schema_version`, to the revision that made the same ones."""


def migrate(engine: Engine, name: str, target: str = "head") -> None:
    """Take the steps to `target` that are missing. `engine` must not enforce SQLite's foreign keys, because SQLite changes a
    table by making it anew; they are checked at the end.

    Raises WfmError when the tables are of a revision that this program does not know, or hold what it cannot bring over.
    """
    scripts = ScriptDirectory(str(folder()))
    with engine.connect() as connection:
        if _revision(connection, scripts, name) == scripts.get_current_head():
            return
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        revision = _revision(connection, scripts, name)  # again: another process may just have done all of it
        if revision and not MigrationContext.configure(connection).get_current_revision():
            MigrationContext.configure(connection).stamp(scripts, revision)
        command.upgrade(configuration(connection), target)
        if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise WfmError(f"The database {name} holds rows that refer to missing ones: restore a backup.")


def folder() -> Path:
    return Path(data.migrations.__file__).parent


def configuration(connection: Connection) -> Config:
    """Alembic's configuration for commands on an open connection."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(folder()).replace("%", "%%"))
    return config


def _revision(connection: Connection, scripts: ScriptDirectory, name: str) -> str | None:
    """Revision of the tables, None without any. Raises WfmError when it is unknown."""
    revision = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in scripts.walk_revisions()}
    if revision is None and inspect(connection).has_table("schema_version"):
        number = connection.scalar(text("SELECT version FROM schema_version"))
        revision = _BEFORE_ALEMBIC.get(number or 1, f"(number {number})")
    if revision is not None and revision not in known:
        raise WfmError(
            f"The database {name} holds tables of revision {revision}, and this program knows them up to "
            f"{scripts.get_current_head()}: a newer program made them. Use that one, or another database."
        )
    return revision
