"""Keys to the service, for admins: made, listed, revoked. `wfm key` does the same on the machine itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Self

from fastapi import APIRouter, Response, status
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from api.auth import CalledBy
from api.idempotency import IdempotencyKey, Once
from api.paging import PageBy1
from api.problems import ProblemError, not_found
from api.services import Service
from data.store.keys import add_key, list_keys, revoke_key
from data.store.tables import Role, StoredKey

router = APIRouter(prefix="/v1/keys", tags=["keys"])
Name = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]


class KeyRequest(BaseModel):
    """What key to make."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"role": "partner", "partner": "casablanca", "days": 90}]}
    )

    role: Role = Field(description="What it may do; see the API guide.")
    partner: Name | None = Field(None, description="Partner, as in the case; for role partner, and no other.")
    site: Name | None = Field(None, description="Site, as in the case; for role site_manager, and no other.")
    name: Name | None = Field(None, description="Whose it is, such as planning desk; the audit log shows it.")
    days: int = Field(90, ge=1, le=3650, description="Days until it expires.")

    @model_validator(mode="after")
    def _whose_rows(self) -> Self:
        for role, name, value in (
            (Role.PARTNER, "partner", self.partner),
            (Role.SITE_MANAGER, "site", self.site),
        ):
            if (self.role is role) != (value is not None):
                raise ValueError(f"a key of role {role.value} needs {name}, and no other role takes it")
        return self


class KeyEntry(BaseModel):
    """A key, without its secret, which the service does not keep."""

    id: str
    role: Role
    partner: str | None
    site: str | None
    name: str | None
    created_at: datetime = Field(description="UTC.")
    expires_at: datetime = Field(description="UTC.")
    revoked_at: datetime | None = Field(description="UTC; null while it is not revoked.")


class NewKey(KeyEntry):
    """A key just made."""

    secret: str = Field(description="What to send as Authorization: Bearer. It is told this once, and kept nowhere.")


@router.post("", status_code=status.HTTP_201_CREATED, responses={409: {}, 422: {}})
def post_key(
    wanted: KeyRequest, response: Response, service: Service, caller: CalledBy, idempotency_key: IdempotencyKey = None
) -> NewKey:
    """Make a key. With the first one the service closes for all who have none. Its secret is in this answer alone: sent again
    with its Idempotency-Key, the request makes no other key, and is answered 409 with the id of the one that it made.
    """
    expires_at = datetime.now(UTC) + timedelta(days=wanted.days)
    with service.store.write(caller.actor) as session:
        once = Once(session, caller, idempotency_key, "key", wanted.model_dump(mode="json"))
        if once.made is not None:
            detail = (
                f"This request made key {once.made} before; its secret was told then, and is kept nowhere. Revoke that key if "
                "its secret was lost, and ask for another with a new Idempotency-Key."
            )
            raise ProblemError("secret-told", detail)
        key, secret = add_key(session, wanted.role, wanted.partner, expires_at, site=wanted.site, name=wanted.name)
        once.note(key.id)
    response.headers["Cache-Control"] = "no-store"
    return NewKey(**_entry(key).model_dump(), secret=secret)


@router.get("", responses={422: {}})
def get_keys(service: Service, page: PageBy1) -> list[KeyEntry]:
    """Keys ever made, newest first; never their secrets."""
    with service.store.read() as session:
        rows = list_keys(session, page.limit + 1, after_row=page.after)
    return [_entry(key) for key in page.cut(rows, lambda row: (row.created_at, row.id))]


@router.delete("/{key_id}", responses={404: {}})
def delete_key(key_id: str, service: Service, caller: CalledBy) -> KeyEntry:
    """Revoke a key at once. It stays in the list, and the service stays closed also without any valid key. Safe to repeat."""
    with service.store.write(caller.actor) as session:
        key = revoke_key(session, key_id)
        if key is None:
            raise not_found("key", key_id)
        return _entry(key)


def _entry(key: StoredKey) -> KeyEntry:
    return KeyEntry(
        id=key.id, role=Role(key.role), partner=key.partner, site=key.site, name=key.name, created_at=key.created_at,
        expires_at=key.expires_at, revoked_at=key.revoked_at,
    )  # fmt: skip
