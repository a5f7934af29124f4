"""Long lists in pages: `limit` entries, and in the header `Link` where the next ones are (RFC 8288)."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, TypeVar

from fastapi import Depends, Query, Request, Response

from api.problems import ProblemError, ProblemItem
from data.store.place import Place

Row = TypeVar("Row")
LONGEST_CURSOR = 1000


@dataclass(frozen=True)
class Page:
    """Which part of a list is wanted. `after` is the place of the last entry seen; None: from the beginning."""

    limit: int
    after: Place | None
    request: Request
    response: Response

    def cut(self, rows: Sequence[Row], place: Callable[[Row], Place]) -> Sequence[Row]:
        """The first `limit` of rows, of which one more was read; where there is one, the answer says where it is."""
        if len(rows) > self.limit:
            at, *rest = place(rows[self.limit - 1])
            text = json.dumps([at.isoformat(), *rest], separators=(",", ":"))
            cursor = base64.urlsafe_b64encode(text.encode()).decode()
            url = self.request.url.include_query_params(cursor=cursor)
            self.response.headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
        return rows[: self.limit]


def paged(texts: int) -> Callable[..., Page]:
    """A dependency for lists whose place in the list is an instant and so many texts."""

    def page(
        request: Request,
        response: Response,
        limit: Annotated[int, Query(ge=1, le=1000, description="Most entries to list.")] = 100,
        cursor: Annotated[
            str | None,
            Query(
                max_length=LONGEST_CURSOR,
                description='Where to go on: take the whole address from the header `Link: <…>; rel="next"`.',
            ),
        ] = None,
    ) -> Page:
        return Page(limit, _read(cursor, texts) if cursor is not None else None, request, response)

    return page


def _read(cursor: str, texts: int) -> Place:
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
        at, *rest = parts
        instant = datetime.fromisoformat(at).astimezone(UTC)
        "".join(rest).encode()  # half characters can be asked of no database
    except (ValueError, TypeError, OverflowError, binascii.Error, RecursionError):
        instant, rest = None, []
    if instant is None or len(rest) != texts:
        item = ProblemItem(
            reason="cursor: is none that this list gave out", parameter="cursor", mend="Begin again without it."
        )
        raise ProblemError("request-invalid", f"{item.reason}. {item.mend}", [item])
    return instant, *rest


PageBy1 = Annotated[Page, Depends(paged(1))]
"""Of lists ordered by an instant and an id."""
