"""Capacity requests in the store. Whose rows these are is decided here, in the query, and nowhere above."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from data.export.capacity_requests import CapacityRequest, capacity_requests
from data.store.cases import new_id
from data.store.tables import StoredCapacityRequest, StoredPlan
from wfm.case import Case
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
            )
        )
    session.flush()


def list_requests(session: Session, partner: str | None, limit: int) -> list[StoredCapacityRequest]:
    """Requests to `partner` alone, or to all with None; newest plan first, then by partner and campaign."""
    table = StoredCapacityRequest
    order = (table.created_at.desc(), table.plan_id, table.partner, table.campaign)
    return list(session.scalars(_visible(partner).order_by(*order).limit(limit)))


def find_request(session: Session, request_id: str, partner: str | None) -> StoredCapacityRequest | None:
    """A request to `partner`, or to anybody with None. Another partner's is not found, like one that never was."""
    return session.scalar(_visible(partner).where(StoredCapacityRequest.id == request_id))


def load_request(stored: StoredCapacityRequest) -> CapacityRequest:
    return CapacityRequest.from_json(stored.document)


def _visible(partner: str | None) -> Select[StoredCapacityRequest]:
    rows = select(StoredCapacityRequest)
    return rows if partner is None else rows.where(StoredCapacityRequest.partner == partner)
