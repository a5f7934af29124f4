"""Commands that make keys of the service, list and revoke them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.output import AsJson, print_json, say
from wfm.errors import WfmError

if TYPE_CHECKING:
    from data.store.database import Store
    from data.store.tables import StoredKey

DATA_DIR = Path("out/service")
DataDir = Annotated[Path, typer.Option(metavar="DIR", help="Where the service keeps its database, as in wfm serve.")]
Database = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="PostgreSQL: postgresql+psycopg://USER@HOST/DATABASE; else WFM_DATABASE; else SQLite in --data.",
    ),
]


class KeyRole(StrEnum):
    """Roles a key can have; the store's own list takes long to import."""

    PLANNER = "planner"
    SCHEDULER = "scheduler"
    SITE_MANAGER = "site_manager"
    PARTNER = "partner"
    COMPLIANCE = "compliance"
    VIEWER = "viewer"
    ADMIN = "admin"


def create(
    role: Annotated[KeyRole, typer.Option(help="What it may do: see the API guide.")],
    partner: Annotated[str | None, typer.Option(metavar="ID", help="Partner, as in the case; for that role.")] = None,
    site: Annotated[str | None, typer.Option(metavar="ID", help="Site, as in the case; for site_manager.")] = None,
    name: Annotated[str | None, typer.Option(metavar="TEXT", help="Whose it is; the audit log shows it.")] = None,
    days: Annotated[int, typer.Option(min=1, max=3650, help="Days until it expires.")] = 90,
    data: DataDir = DATA_DIR,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Make a key.

    Its secret is printed once, and kept nowhere. With the first key the service closes for all who have none.
    """
    if (role is KeyRole.PARTNER) != bool(partner):
        raise typer.BadParameter("a partner's key needs --partner ID, and no other role takes it")
    if (role is KeyRole.SITE_MANAGER) != bool(site):
        raise typer.BadParameter("a site manager's key needs --site ID, and no other role takes it")
    from data.store.audit import COMMAND_LINE
    from data.store.capacity_requests import list_requests
    from data.store.keys import add_key
    from data.store.tables import Role

    now = datetime.now(UTC)
    with open_store(data, database, make=True) as store, store.write(COMMAND_LINE) as session:
        key, secret = add_key(
            session,
            Role(role),
            partner or None,
            now + timedelta(days=days),
            site=site or None,
            name=name or None,
            created_at=now,
        )
        asked = bool(list_requests(session, partner, 1))
    if as_json:
        print_json({**_told(key), "secret": secret})
    else:
        print(secret)
    say(
        f"Key {key.id} ({' '.join(filter(None, (role, partner, site)))}) "
        f"until {key.expires_at:%Y-%m-%d %H:%M} UTC in {store.name}."
    )
    say("Its secret is not shown again.")
    if partner and not asked:
        say(f"No published plan asks anything of a partner {partner!r} yet: make sure that is its id in the case.")


def list_all(data: DataDir = DATA_DIR, database: Database = None, as_json: AsJson = False) -> None:
    """List the keys, newest first; never their secrets."""
    from data.store.keys import list_keys

    with open_store(data, database) as store, store.read() as session:
        keys = [_told(key) for key in list_keys(session)]
    if as_json:
        print_json({"keys": keys})
        return
    for key in keys:
        print("  ".join(f"{key[name] or '-':<{width}}" for name, width in _WIDTHS.items()).rstrip())
    if not keys:
        say("There is no key: the service asks nobody for one.")


def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="Id of the key, as listed.")],
    data: DataDir = DATA_DIR,
    database: Database = None,
) -> None:
    """Revoke a key at once.

    The service stays closed, also without any valid key left.
    """
    from data.store.audit import COMMAND_LINE
    from data.store.keys import revoke_key

    with open_store(data, database) as store, store.write(COMMAND_LINE) as session:
        if revoke_key(session, key_id) is None:
            raise WfmError(f"There is no key {key_id!r} in {store.name}. wfm key list shows those there are.")
    say(f"Revoked: {key_id}")


_WIDTHS = {"id": 16, "state": 7, "role": 12, "partner": 16, "site": 16, "created_at": 20, "expires_at": 20, "name": 0}


@contextmanager
def open_store(data: Path, database: str | None, *, make: bool = False) -> Iterator[Store]:
    """The service's database. Only a first key may make it: an empty one made by a mistyped folder would tell nothing."""
    from data.store.database import Store, database_url

    url = database_url(data, database)
    if url.get_backend_name() == "sqlite" and not (make or Path(str(url.database)).exists()):
        raise WfmError(f"There is no database {url.database}. Give the folder of wfm serve with --data.")
    store = Store(data, database)
    try:
        yield store
    finally:
        store.close()


def _told(key: StoredKey) -> dict[str, str | None]:
    """A key for people and programs; its secret cannot be told."""
    past = key.expires_at <= datetime.now(UTC)
    state = "revoked" if key.revoked_at else "expired" if past else "valid"
    created, expires = (f"{instant:%Y-%m-%dT%H:%M:%SZ}" for instant in (key.created_at, key.expires_at))
    return {
        "id": key.id, "state": state, "role": key.role, "partner": key.partner, "site": key.site,
        "name": key.name, "created_at": created, "expires_at": expires,
    }  # fmt: skip
