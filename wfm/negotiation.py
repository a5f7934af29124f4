"""What becomes of a capacity request between the planner who asks and the partner who answers.

    draft ── published ──> sent ── accept ───> accepted ── agree ──> locked
                            │ └─── counter ──> countered ── agree ──> locked
                            └───── decline ──> declined

A partner may change its answer until the planner agrees. When a later plan of the case is published instead, whatever is not
locked is withdrawn: nobody is bound by it. A locked request binds both sides and never changes.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from wfm.document import Document

MOST_ROWS = 5_000
"""Block shifts of a counter-offer: twelve weeks of some sixty a day."""
LONGEST_COMMENT = 200


class RequestState(StrEnum):
    """`draft`: of a plan that was not published, seen by no partner; `sent`: waits for the partner's answer; `withdrawn`:
    a later plan took the place of the one that asked.
    """

    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    COUNTERED = "countered"
    DECLINED = "declined"
    LOCKED = "locked"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """What somebody does with a request: the first and last by publishing a plan, `agree` by the planner, the rest by the
    partner.
    """

    SEND = "send"
    ACCEPT = "accept"
    COUNTER = "counter"
    DECLINE = "decline"
    AGREE = "agree"
    WITHDRAW = "withdraw"


_ANSWERABLE = frozenset((RequestState.SENT, RequestState.ACCEPTED, RequestState.COUNTERED, RequestState.DECLINED))
_FROM: dict[Move, frozenset[RequestState]] = {
    Move.SEND: frozenset((RequestState.DRAFT,)),
    Move.ACCEPT: _ANSWERABLE,
    Move.COUNTER: _ANSWERABLE,
    Move.DECLINE: _ANSWERABLE,
    Move.AGREE: frozenset((RequestState.ACCEPTED, RequestState.COUNTERED)),
    Move.WITHDRAW: _ANSWERABLE,
}
_TO: dict[Move, RequestState] = {
    Move.SEND: RequestState.SENT,
    Move.ACCEPT: RequestState.ACCEPTED,
    Move.COUNTER: RequestState.COUNTERED,
    Move.DECLINE: RequestState.DECLINED,
    Move.AGREE: RequestState.LOCKED,
    Move.WITHDRAW: RequestState.WITHDRAWN,
}


class OfferedShift(Document):
    """What a partner offers of one block shift that it was asked for: 0 blocks where it cannot come."""

    day: date
    shift: str
    blocks: Annotated[int, Field(ge=0, le=10_000)]


class Answer(Document):
    """A partner's words to the planner, and for a counter-offer the block shifts that differ from what was asked."""

    comment: Annotated[str, Field(max_length=LONGEST_COMMENT)] = ""
    offered: Annotated[tuple[OfferedShift, ...], Field(max_length=MOST_ROWS)] = ()


def after(state: RequestState, move: Move) -> RequestState | None:
    """The state that a move leads to; None where the move is not open."""
    return _TO[move] if state in _FROM[move] else None


def open_to(move: Move) -> frozenset[RequestState]:
    """The states in which a move can be made."""
    return _FROM[move]
