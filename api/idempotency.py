"""Requests that may be sent again: with an Idempotency-Key, what they make is made once."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any

from fastapi import Header
from sqlalchemy.orm import Session

from api.access import Caller
from api.problems import ProblemError
from data.store.idempotency import KeyReusedError, find_made, note_made

IdempotencyKey = Annotated[
    str | None, Header(min_length=1, max_length=255, description="Makes it safe to send the request again.")
]


class Once:
    """What one request makes, in one transaction: `made` is the id of what it made when it was sent before."""

    def __init__(self, session: Session, caller: Caller, key: str | None, *request: Any) -> None:
        """`request` is what must be the same again, as JSON has it. Raises ProblemError when it is not."""
        self._session, self._caller, self._key = session, caller.name, key
        text = json.dumps(request, sort_keys=True, default=str)
        self._hash = hashlib.sha256(text.encode()).hexdigest()
        try:
            self.made = None if key is None else find_made(session, caller.name, key, self._hash)
        except KeyReusedError as error:
            raise ProblemError("key-reused", str(error)) from error

    def note(self, made_id: str) -> None:
        """It is made now."""
        if self._key is not None:
            note_made(self._session, self._caller, self._key, self._hash, made_id)
