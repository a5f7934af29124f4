"""No request body larger than agreed, announced or not."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import ProblemError, response


class BodyLimit:
    """ASGI middleware: answers 413 as soon as a body is known to exceed `max_bytes`. Headers that announce too much are
    answered before anything is read; the bytes of the others are counted as they come.
    """

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdecimal() and int(announced) > self._max_bytes:
            await response(self._too_large().problem)(scope, receive, send)
            return
        size = 0

        async def receive_counted() -> Message:
            nonlocal size
            message = await receive()
            if message["type"] == "http.request":
                size += len(message.get("body", b""))
                if size > self._max_bytes:
                    raise self._too_large()
            return message

        await self._app(scope, receive_counted, send)

    def _too_large(self) -> ProblemError:
        detail = f"The body exceeds {self._max_bytes / 1e6:g} MB. Send a smaller one, for instance history as history.csv.gz."
        return ProblemError("too-large", detail)
