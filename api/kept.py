"""Answers that never change, kept as they are sent: a week of a large roster is dear to write down and to compress, so both are
done once.
"""

from __future__ import annotations

import gzip

from fastapi import Request, Response

LEVEL = 6


def pack(body: bytes) -> bytes:
    """What is kept of an answer."""
    return gzip.compress(body, LEVEL, mtime=0)


def answer_json(request: Request, packed: bytes, headers: dict[str, str] | None = None) -> Response:
    """A packed JSON answer, unpacked for the few that do not take it as it is."""
    headers = {"Vary": "Accept-Encoding"} | (headers or {})
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(gzip.decompress(packed), media_type="application/json", headers=headers)
    return Response(packed, media_type="application/json", headers=headers | {"Content-Encoding": "gzip"})
