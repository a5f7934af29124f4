"""Who calls. Everything passes here first, and what `api.access` does not grant is refused.

Until a first key is made (and without an identity provider), whoever reaches the service may do everything. From then on
every address but `OPEN` needs a key, also when all keys are revoked or past: `Authorization: Bearer wfm_…`, or in a browser
its log-in window, with the key as password; or a token of the identity provider (`api.oidc`). A role is answered 404
wherever it has no business, as if nothing were there.
"""

from __future__ import annotations

import base64
import binascii
import logging
import math
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access import OPEN, Caller, scope_of
from api.loopback import is_loopback
from api.oidc import NoRoleError, TokenReader, UnreachableError, oidc_settings
from api.problems import ProblemError, response
from api.rate_limit import BURST_SECONDS, PER_SECOND, RateLimit
from api.request_log import current_request
from data.store.database import Store
from data.store.keys import PREFIX, any_key, find_valid_key
from data.store.tables import Role

_MISSING = "This service needs a key. Send it as the header Authorization: Bearer wfm_…"
_REFUSED = "This key is not known here, was revoked or has expired. Ask whoever runs the service for a new one."
_log = logging.getLogger(__name__)


class KeyGate:
    """ASGI middleware: tells handlers the `Caller`. Answers 401 without a valid key or token, 404 to what a role may not
    ask, and 429 to callers that send more than `requests_per_second`.
    """

    def __init__(self, app: ASGIApp, store: Store, requests_per_second: float = PER_SECOND) -> None:
        """Raises WfmError on wrong settings of the identity provider."""
        self._app = app
        self._store = store
        settings = oidc_settings()
        self._tokens = TokenReader(settings) if settings else None
        self._limit = RateLimit(requests_per_second, requests_per_second * BURST_SECONDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or OPEN.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
            return
        try:
            caller = await self._admit(scope)
        except ProblemError as error:
            await response(error.problem, dict(error.headers or {}))(scope, receive, send)
            return
        scope.setdefault("state", {})["caller"] = caller
        await self._app(scope, receive, send)

    async def _admit(self, scope: Scope) -> Caller:
        """Raises ProblemError for whoever is not let in."""
        host = scope["client"][0] if scope.get("client") else ""
        stranger = f"host {host}"
        secret = _secret(Headers(scope=scope).get("authorization", ""))
        caller = await run_in_threadpool(self._who, secret)
        if caller is None:
            self._spend(stranger)
            challenge = _challenge(scope["path"], refused=bool(secret))
            raise ProblemError("key-needed", _REFUSED if secret else _MISSING, headers={"WWW-Authenticate": challenge})
        self._spend(stranger if caller == _ANYBODY else caller.name)
        if not caller.may(scope_of(scope["method"], scope["path"])):
            raise ProblemError("not-found", "Nothing is here for this key.")
        return replace(caller, request_id=current_request())

    def _who(self, secret: str) -> Caller | None:
        if self._tokens is not None and secret and not secret.startswith(PREFIX):
            try:
                return self._tokens.read(secret)
            except NoRoleError:
                detail = (
                    "This token names no role of this service, or not whose rows it sees. Ask whoever runs the service."
                )
                raise ProblemError("role-needed", detail) from None
            except UnreachableError:
                detail = "The identity provider does not answer, so no token can be checked. Send it again later."
                raise ProblemError("identity-unreachable", detail) from None
        with self._store.read() as session:
            key = find_valid_key(session, secret, datetime.now(UTC)) if secret else None
            if key is not None:
                name = f"key {key.id}" + (f" ({key.name})" if key.name else "")
                return Caller(name, Role(key.role), key.partner, key.site)
            return None if self._tokens is not None or any_key(session) else _ANYBODY

    def _spend(self, name: str) -> None:
        """Raises ProblemError when that caller has sent too much. Strangers never use up what known callers may send."""
        wait = self._limit.seconds_to_wait(name)
        if wait > 0:
            detail = f"More requests came than this service takes of one caller. Send this one again in {wait:.2f} s."
            raise ProblemError("too-many-requests", detail, headers={"Retry-After": str(math.ceil(wait))})


_ANYBODY = Caller("anybody", Role.ADMIN)
"""Whoever reaches a service that never had a key."""


def _of_request(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


CalledBy = Annotated[Caller, Depends(_of_request)]


def warn_if_open(store: Store, host: str) -> None:
    """Say so in the log when a service that other machines reach asks nobody for a key."""
    with store.read() as session:
        closed = oidc_settings() is not None or any_key(session)
    if not (closed or is_loopback(host)):
        _log.warning(
            "Whoever reaches %s sees and changes everything: no key was ever made. Make one with wfm key create.", host
        )


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
