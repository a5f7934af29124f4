"""Webhooks: addresses that are told, signed, when a job ends or a plan is published."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Query, Response, status
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.auth import CalledBy
from api.idempotency import IdempotencyKey, Once
from api.problems import not_found
from api.services import Service
from data.store.audit import record
from data.store.tables import Delivery, StoredWebhook
from data.store.webhooks import add_webhook, find_webhook, list_deliveries, list_webhooks, remove_webhook

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])


def _address(url: str) -> str:
    parts = urlsplit(url)  # raises ValueError on what is no address
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.password:
        raise ValueError("give an http or https address without user or password in it")
    if not url.isascii() or any(character.isspace() or not character.isprintable() for character in url):
        raise ValueError("percent-encode spaces and letters outside ASCII")
    _ = parts.port  # raises ValueError when it is no number of a port
    return url


class WebhookRequest(BaseModel):
    """An address to tell."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"url": "https://wfm-receiver.example/events"}]}
    )

    url: Annotated[str, AfterValidator(_address)] = Field(max_length=2000, description="http or https; takes POST.")


class WebhookEntry(BaseModel):
    """An address that is told of events."""

    id: str
    url: str
    created_at: datetime = Field(description="UTC.")


class NewWebhook(WebhookEntry):
    """The same with what its receiver checks signatures with; shown this once."""

    secret: str = Field(description="whsec_ and the key in base64, as in the Standard Webhooks specification.")


class DeliveryEntry(BaseModel):
    """One event and how the telling of it goes."""

    id: str = Field(description="The header webhook-id: the same at every try.")
    event: str = Field(description="job.done, job.failed, job.cancelled or plan.published.")
    created_at: datetime = Field(description="UTC.")
    tries: int
    next_try_at: datetime | None = Field(description="UTC; null when it was taken or given up.")
    delivered_at: datetime | None = Field(description="When the receiver answered 2xx, UTC.")
    error: str | None = Field(description="Why the last try failed.")


@router.post("", status_code=status.HTTP_201_CREATED, responses={422: {}})
def post_webhook(
    wanted: WebhookRequest, service: Service, caller: CalledBy, idempotency_key: IdempotencyKey = None
) -> NewWebhook:
    """Register an address. From now on it is told, with ids only, when a job ends (`job.done`, `job.failed`, `job.cancelled`)
    and when a plan is published (`plan.published`); tries are repeated for more than a day until it answers 2xx.
    """
    with service.store.write(caller.actor) as session:
        once = Once(session, caller, idempotency_key, "webhook", wanted.url)
        if once.made is None:
            webhook = add_webhook(session, wanted.url)
            once.note(webhook.id)
            record(session, "webhook.added", "webhook", webhook.id)
        elif (known := find_webhook(session, once.made)) is not None:
            webhook = known
        else:
            raise not_found("webhook", once.made)
    return NewWebhook(**_entry(webhook).model_dump(), secret=webhook.secret)


@router.get("")
def get_webhooks(
    service: Service, limit: Annotated[int, Query(ge=1, le=1000, description="Most entries to list.")] = 100
) -> list[WebhookEntry]:
    """Registered addresses, newest first."""
    with service.store.read() as session:
        return [_entry(webhook) for webhook in list_webhooks(session, limit)]


@router.get("/{webhook_id}/deliveries", responses={404: {}})
def get_deliveries(
    webhook_id: str,
    service: Service,
    limit: Annotated[int, Query(ge=1, le=1000, description="Most entries to list.")] = 100,
) -> list[DeliveryEntry]:
    """What an address was told, or is still to be told, newest first."""
    with service.store.read() as session:
        if find_webhook(session, webhook_id) is None:
            raise not_found("webhook", webhook_id)
        return [_delivery(delivery) for delivery in list_deliveries(session, webhook_id, limit)]


@router.delete("/{webhook_id}", status_code=status.HTTP_204_NO_CONTENT, responses={404: {}})
def delete_webhook(webhook_id: str, service: Service, caller: CalledBy) -> Response:
    """Tell an address no more; what it was told is forgotten."""
    with service.store.write(caller.actor) as session:
        webhook = find_webhook(session, webhook_id)
        if webhook is None:
            raise not_found("webhook", webhook_id)
        remove_webhook(session, webhook)
        record(session, "webhook.removed", "webhook", webhook_id)
    return Response(status_code=status.HTTP_204_NO_CONTENT)


def _entry(webhook: StoredWebhook) -> WebhookEntry:
    return WebhookEntry(id=webhook.id, url=webhook.url, created_at=webhook.created_at)


def _delivery(delivery: Delivery) -> DeliveryEntry:
    return DeliveryEntry(
        id=delivery.id, event=delivery.event, created_at=delivery.created_at, tries=delivery.tries,
        next_try_at=delivery.next_try_at, delivered_at=delivery.delivered_at, error=delivery.error,
    )  # fmt: skip
