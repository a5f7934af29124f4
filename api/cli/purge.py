"""The command that ends the time of keeping: once a day, by a timer."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from api.cli.keys import DATA_DIR, Database, DataDir, open_store
from api.cli.output import AsJson, print_json, say


def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be deleted.")] = False,
    archive: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where published plans are written first; default: DATA/archive.")
    ] = None,
    data: DataDir = DATA_DIR,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Delete rosters and working time 24 months after their last day.

    Plans that were published are written to the archive first. The purge log in the database tells of everything deleted.
    """
    from data.store.retention import purge as purge_store

    with open_store(data, database) as store:
        done = purge_store(store, archive or data / "archive", datetime.now(UTC).date(), dry_run=dry_run)
    if as_json:
        print_json({"dry_run": dry_run, **asdict(done)})
    for folder in () if as_json else done.archived:
        print(folder)
    say(
        f"{'To delete' if dry_run else 'Deleted'}: {done.cases} case(s), {done.plans} plan(s), "
        f"{len(done.archived)} of them to the archive {archive or data / 'archive'}"
    )
