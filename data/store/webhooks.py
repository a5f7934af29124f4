"""Webhooks in the store, and what they are still to be told: deliveries are stored with the change that they tell of, so that
neither happens without the other.
"""

from __future__ import annotations

import base64
import json
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from data.store.cases import new_id
from data.store.now import store_now
from data.store.tables import Delivery, StoredForecast, StoredJob, StoredPlan, StoredWebhook

PAUSES = (5, 30, 120, 600, 3_600, 6 * 3_600, 24 * 3_600)
"""Seconds between one try and the next; after the last there is none."""
SENDING = timedelta(seconds=60)
"""Who takes a delivery has so long for it; then it is anybody's again."""


def add_webhook(session: Session, url: str) -> StoredWebhook:
    """Register an address; its secret is made here, in the form of the Standard Webhooks specification."""
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    webhook = StoredWebhook(id=new_id(), url=url, secret=secret, created_at=datetime.now(UTC))
    session.add(webhook)
    return webhook


def find_webhook(session: Session, webhook_id: str) -> StoredWebhook | None:
    return session.get(StoredWebhook, webhook_id)


def list_webhooks(session: Session, limit: int) -> list[StoredWebhook]:
    """Newest first."""
    rows = select(StoredWebhook).order_by(StoredWebhook.created_at.desc(), StoredWebhook.id)
    return list(session.scalars(rows.limit(limit)))


def remove_webhook(session: Session, webhook: StoredWebhook) -> None:
    """Forget an address and all that it was told."""
    session.execute(delete(Delivery).where(Delivery.webhook_id == webhook.id))
    session.delete(webhook)


def tell_of_job(session: Session, job: StoredJob) -> None:
    """Queue the end of a job for every webhook: ids only, nothing of any case."""
    plan_id = session.scalar(select(StoredPlan.id).where(StoredPlan.job_id == job.id))
    forecast_id = session.scalar(select(StoredForecast.id).where(StoredForecast.job_id == job.id))
    told = {"job_id": job.id, "case_id": job.case_id, "kind": job.kind, "state": job.state}
    _tell(session, f"job.{job.state.value}", told | {"plan_id": plan_id, "forecast_id": forecast_id})


def tell_of_publication(session: Session, plan: StoredPlan) -> None:
    """Queue for every webhook that a plan is in force."""
    _tell(session, "plan.published", {"plan_id": plan.id, "case_id": plan.case_id, "version": plan.version})


def _tell(session: Session, event: str, told: dict[str, object]) -> None:
    webhooks = list(session.scalars(select(StoredWebhook.id)))
    if not webhooks:
        return
    now, at = datetime.now(UTC), store_now(session)
    body = json.dumps({"type": event, "timestamp": now.isoformat(), "data": told}, separators=(",", ":"))
    for webhook_id in webhooks:
        session.add(
            Delivery(id=new_id(), webhook_id=webhook_id, event=event, body=body, created_at=now, next_try_at=at)
        )


def any_due(session: Session) -> bool:
    """Whether `claim_delivery` would find one, without locking anything."""
    return bool(session.scalar(select(exists().where(Delivery.next_try_at <= store_now(session)))))


def claim_delivery(session: Session) -> tuple[Delivery, StoredWebhook] | None:
    """Take a delivery that is due, for `SENDING`; None when there is none. Nobody else gets the same one meanwhile."""
    now = store_now(session)
    due = select(Delivery).where(Delivery.next_try_at <= now).order_by(Delivery.next_try_at, Delivery.id)
    delivery = session.scalar(due.limit(1).with_for_update(skip_locked=True))
    if delivery is None:
        return None
    delivery.tries += 1
    delivery.next_try_at = now + SENDING
    return delivery, session.get_one(StoredWebhook, delivery.webhook_id)


def end_try(session: Session, delivery_id: str, tries: int, error: str | None) -> None:
    """Note how the try of that number went. A later one, or the webhook's removal, makes it unimportant."""
    delivery = session.get(Delivery, delivery_id, with_for_update=True)
    if delivery is None or delivery.tries != tries or delivery.next_try_at is None:
        return
    delivery.error = error
    delivery.next_try_at = None
    if error is None:
        delivery.delivered_at = datetime.now(UTC)
    elif tries <= len(PAUSES):
        delivery.next_try_at = store_now(session) + timedelta(seconds=PAUSES[tries - 1])


def list_deliveries(session: Session, webhook_id: str, limit: int) -> list[Delivery]:
    """Newest first."""
    rows = select(Delivery).where(Delivery.webhook_id == webhook_id)
    return list(session.scalars(rows.order_by(Delivery.created_at.desc(), Delivery.id).limit(limit)))


def count_pending(session: Session) -> int:
    """Deliveries still to be taken."""
    return session.scalar(select(func.count()).select_from(Delivery).where(Delivery.next_try_at.is_not(None))) or 0
