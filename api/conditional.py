"""Versions of what is answered (RFC 9110, section 13): who has the newest one is told so in a few bytes, and who changes
something can say which version of it was seen.
"""

from __future__ import annotations

import hashlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import ProblemError

_KEPT = ("etag", "cache-control", "vary", "link")
"""Headers of an answer that its 304 carries too."""


def etag(*parts: object) -> str:
    """The version of one thing, made of what changes with it."""
    return f'"{"-".join(map(str, parts))}"'


def check_if_match(header: str | None, current: str, *, needed: bool = False) -> None:
    """Raises ProblemError when a change names another version than `current`, or none where one is `needed`."""
    if header is None:
        if needed:
            raise ProblemError(
                "version-needed", f"Send If-Match with the ETag of the version that you have seen; now it is {current}."
            )
        return
    if header.strip() != "*" and current not in _listed(header):
        raise ProblemError(
            "version-changed", f"It is at version {current} by now, not {header[:200]}. Read it again, then decide."
        )


class ConditionalGet:
    """ASGI middleware: gives every answer to GET under /v1 an ETag, its own or a hash of its bytes, and answers 304 to
    whoever has it already. Streams pass as they are. Answers are private and must be asked for again each time.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith("/v1/"):
            await self._app(scope, receive, send)
            return
        seen = Headers(scope=scope).get("if-none-match", "")
        start: Message | None = None
        body = bytearray()

        async def send_tagged(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("cache-control", "private, no-cache")
                headers.add_vary_header("Authorization")
                if message["status"] == 200 and "content-length" in headers:
                    start = message
                    return
            elif start is not None:
                body.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    for part in _tagged(start, bytes(body), seen):
                        await send(part)
                return
            await send(message)

        await self._app(scope, receive, send_tagged)


def _tagged(start: Message, body: bytes, seen: str) -> list[Message]:
    """The messages of an answer with its ETag, or of a 304."""
    headers = MutableHeaders(scope=start)
    tag = headers.setdefault("etag", f'W/"{hashlib.blake2b(body, digest_size=16).hexdigest()}"')
    opaque = tag.removeprefix("W/")
    if seen.strip() == "*" or opaque in {entry.removeprefix("W/") for entry in _listed(seen)}:
        kept = [(name, value) for name, value in start["headers"] if name.decode("latin-1").lower() in _KEPT]
        return [
            {"type": "http.response.start", "status": 304, "headers": kept},
            {"type": "http.response.body", "body": b""},
        ]
    return [start, {"type": "http.response.body", "body": body}]


def _listed(header: str) -> list[str]:
    """The entity tags of a header. Ours hold no comma."""
    return [entry.strip() for entry in header.split(",")]
