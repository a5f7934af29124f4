"""Who calls, and what that role may ask. Everything passes here first, and what is not granted is refused.

Until a first key is made, whoever reaches the service is its one planner. From then on every address but `OPEN` needs a key,
also when all keys are revoked or past: `Authorization: Bearer wfm_…`, or in a browser its log-in window, with the key as
password. A role is answered 404 wherever it has no business, as if nothing were there.
"""

from __future__ import annotations

import base64
import binascii
import logging
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.problems import problem, response
from data.store.database import Store
from data.store.keys import any_key, find_valid_key
from data.store.tables import Role

OPEN = re.compile(r"/health(/live|/ready)?|/static/.*")
"""Addresses that never need a key: they show nothing of any case."""
_GRANTS: dict[Role, tuple[tuple[str, re.Pattern[str]], ...]] = {
    Role.PLANNER: ((".*", re.compile(r".*", re.DOTALL)),),
    Role.PARTNER: (("GET", re.compile(r"/v1/capacity-requests(/[^/]+)?")),),
}
"""Methods and addresses of each role; which rows of them, the store decides."""
_MISSING = "This service needs a key. Send it as the header Authorization: Bearer wfm_…"
_REFUSED = "This key is not known here, was revoked or has expired. Ask whoever runs the service for a new one."
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Caller:
    """Whose request this is. `partner`: the only partner whose rows the caller sees; None: everybody's."""

    role: Role
    partner: str | None

    def may(self, method: str, path: str) -> bool:
        return any(re.fullmatch(methods, method) and paths.fullmatch(path) for methods, paths in _GRANTS[self.role])


class KeyGate:
    """ASGI middleware: tells handlers the `Caller`, answers 401 without a valid key and 404 to what a role may not ask."""

    def __init__(self, app: ASGIApp, store: Store) -> None:
        self._app = app
        self._store = store

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not OPEN.fullmatch(scope["path"]):
            secret = _secret(Headers(scope=scope).get("authorization", ""))
            caller = await run_in_threadpool(_caller, self._store, secret)
            if caller is None:
                details = problem("key-needed", _REFUSED if secret else _MISSING)
                challenge = _challenge(scope["path"], refused=bool(secret))
                await response(details, {"WWW-Authenticate": challenge})(scope, receive, send)
                return
            if not caller.may(scope["method"], scope["path"]):
                await response(problem("not-found", "Nothing is here for this key."))(scope, receive, send)
                return
            scope.setdefault("state", {})["caller"] = caller
        await self._app(scope, receive, send)


def _of_request(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


CalledBy = Annotated[Caller, Depends(_of_request)]


def warn_if_open(store: Store, host: str) -> None:
    """Say so in the log when a service that other machines reach asks nobody for a key."""
    with store.read() as session:
        closed = any_key(session)
    if not (closed or _is_loopback(host)):
        _log.warning(
            "Whoever reaches %s sees and changes everything: no key was ever made. Make one with wfm key create.", host
        )


def _caller(store: Store, secret: str) -> Caller | None:
    with store.read() as session:
        key = find_valid_key(session, secret, datetime.now(UTC)) if secret else None
        if key is not None:
            return Caller(Role(key.role), key.partner)
        return None if any_key(session) else Caller(Role.PLANNER, None)


def _secret(header: str) -> str:
    """The secret in an Authorization header, "" when there is none."""
    scheme, _, value = header.strip().partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""


def _challenge(path: str, *, refused: bool) -> str:
    """Programs are asked for a bearer token; a browser that opens a page asks its user."""
    if path.startswith("/v1/"):
        return 'Bearer realm="wfm", error="invalid_token"' if refused else 'Bearer realm="wfm"'
    return 'Basic realm="wfm", charset="UTF-8"'


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
