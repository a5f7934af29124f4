"""No request body larger than agreed, announced or not."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import ProblemError, response

MAX_JSON_BYTES = 1_000_000
"""The longest JSON that any operation has a use for, a counter-offer of all block shifts, is some 400 kB."""


class BodyLimit:
    """ASGI middleware: answers 413 as soon as a body is known to exceed `max_bytes`, or one of JSON MAX_JSON_BYTES. Headers
    that announce too much are answered before anything is read; the bytes of the others are counted as they come.
    """

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_json = "json" in headers.get("content-type", "json")
        most = min(self._max_bytes, MAX_JSON_BYTES) if is_json else self._max_bytes
        announced = headers.get("content-length", "")
        if announced.isdecimal() and (len(announced) > 18 or int(announced) > most):
            await response(_too_large(most).problem)(scope, receive, send)
            return
        size = 0

        async def receive_counted() -> Message:
            nonlocal size
            message = await receive()
            if message["type"] == "http.request":
                size += len(message.get("body", b""))
                if size > most:
                    raise _too_large(most)
            return message

        await self._app(scope, receive_counted, send)


def _too_large(most: int) -> ProblemError:
    detail = f"The body exceeds {most / 1e6:g} MB. Send a smaller one, for instance history as history.csv.gz."
    return ProblemError("too-large", detail)
