"""Capacity requests in the store. Whose rows these are is decided here, in the query, and nowhere above."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Select, and_, or_, select, tuple_
from sqlalchemy.orm import Session

from data.export.capacity_requests import CapacityRequest, capacity_requests
from data.store.audit import record
from data.store.cases import new_id
from data.store.place import Place
from data.store.tables import StoredCapacityRequest, StoredPlan
from wfm.case import Case
from wfm.negotiation import Answer, Move, RequestState, after, open_to
from wfm.plan import Plan


def add_requests(session: Session, stored: StoredPlan, case: Case, plan: Plan) -> None:
    """Keep what a stored plan asks of each partner."""
    for request in capacity_requests(case, plan, version=str(stored.version)):
        session.add(
            StoredCapacityRequest(
                id=new_id(),
                plan_id=stored.id,
                partner=request.partner,
                campaign=request.campaign,
                created_at=stored.created_at,
                document=request.canonical_json(),
                state=RequestState.DRAFT,
                revision=1,
            )
        )
    session.flush()


def list_requests(
    session: Session,
    partner: str | None,
    limit: int,
    *,
    state: RequestState | None = None,
    after_row: Place | None = None,
) -> list[StoredCapacityRequest]:
    """Requests sent to `partner` alone, or all with None; newest plan first, then by partner and campaign. `after_row` is
    (created_at, partner, campaign, id) of the last one seen.
    """
    table = StoredCapacityRequest
    rows = _visible(partner)
    names = table.partner, table.campaign, table.id
    if state is not None:
        rows = rows.where(table.state == state)
    if after_row is not None:
        at, *seen = after_row
        rows = rows.where(or_(table.created_at < at, and_(table.created_at == at, tuple_(*names) > tuple(seen))))
    return list(session.scalars(rows.order_by(table.created_at.desc(), *names).limit(limit)))


def find_request(
    session: Session, request_id: str, partner: str | None, *, lock: bool = False
) -> StoredCapacityRequest | None:
    """A request sent to `partner`, or anybody's with None. Another partner's is not found, like one that never was.
    `lock`: nobody else changes it until this transaction ends.
    """
    rows = _visible(partner).where(StoredCapacityRequest.id == request_id)
    return session.scalar(rows.with_for_update() if lock else rows)


def load_request(stored: StoredCapacityRequest) -> CapacityRequest:
    """The request as it stands: the document that the plan drew, with its state of now."""
    return CapacityRequest.from_json(stored.document).model_copy(update={"state": stored.state.value})


def load_answer(stored: StoredCapacityRequest) -> Answer | None:
    """What the partner answered, if it did."""
    return Answer.model_validate(stored.answer) if stored.answer is not None else None


def make_move(session: Session, stored: StoredCapacityRequest, move: Move, answer: Answer | None = None) -> bool:
    """Take a locked row a step further, and say so in the audit log. False where its state does not allow it.

    A step taken before with the same answer is no other one: nothing changes, so that it is safe to repeat.
    """
    if is_repeated(stored, move, answer):
        return True
    state = after(stored.state, move)
    if state is None:
        return False
    stored.state = state
    stored.answer = answer.to_dict() if answer is not None else stored.answer
    stored.revision += 1
    stored.changed_at = datetime.now(UTC)
    details = {"partner": stored.partner, "campaign": stored.campaign, "state": state.value}
    record(session, f"capacity-request.{move.value}", "capacity-request", stored.id, version=stored.revision, **details)
    session.flush()
    return True


def move_all(session: Session, plan_id: str, move: Move) -> None:
    """Take every request of a plan that the move is open to a step further."""
    rows = select(StoredCapacityRequest).where(
        StoredCapacityRequest.plan_id == plan_id, StoredCapacityRequest.state.in_(open_to(move))
    )
    for stored in session.scalars(rows.order_by(StoredCapacityRequest.id).with_for_update()).all():
        make_move(session, stored, move)


def is_repeated(stored: StoredCapacityRequest, move: Move, answer: Answer | None) -> bool:
    """Whether the last step was this very one."""
    same = answer is None or stored.answer == answer.to_dict()
    return same and any(after(state, move) is stored.state for state in open_to(move))


def _visible(partner: str | None) -> Select[StoredCapacityRequest]:
    rows = select(StoredCapacityRequest)
    if partner is None:
        return rows
    return rows.where(StoredCapacityRequest.partner == partner, StoredCapacityRequest.state != RequestState.DRAFT)
