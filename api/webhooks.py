"""Sends what webhooks are to be told, signed as the Standard Webhooks specification says, until it is taken or given up."""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
import time
import urllib.error
import urllib.request
from email.message import Message
from typing import IO

import structlog

from data.store.database import Store
from data.store.tables import Delivery, StoredWebhook
from data.store.webhooks import any_due, claim_delivery, end_try

_log = structlog.get_logger()
LOOK_SECONDS = 1.0
ANSWER_SECONDS = 10.0
"""How long a receiver may take: it should note the event, answer, and do its work later."""


class Courier(threading.Thread):
    """Sends one delivery after another until `closing`. Any number of them share a database."""

    def __init__(self, store: Store, closing: threading.Event) -> None:
        super().__init__(name="webhooks", daemon=True)
        self._store, self._closing = store, closing

    def run(self) -> None:
        while not self._closing.is_set():
            try:
                sent = self._send_next()
            except Exception:  # noqa: BLE001 - the database may be away for a moment
                _log.exception("webhooks-unreachable")
                sent = False
            if not sent:
                self._closing.wait(LOOK_SECONDS)

    def _send_next(self) -> bool:
        """Send what is due; whether there was anything."""
        with self._store.read() as session:
            if not any_due(session):
                return False
        with self._store.write() as session:
            claimed = claim_delivery(session)
        if claimed is None:
            return False
        delivery, webhook = claimed
        error = send(delivery, webhook)
        _log.info("webhook-sent", delivery=delivery.id, webhook=webhook.id, tries=delivery.tries, error=error)
        with self._store.write() as session:
            end_try(session, delivery.id, delivery.tries, error)
        return True


def send(delivery: Delivery, webhook: StoredWebhook) -> str | None:
    """Try once; returns why it failed, None when the receiver answered 2xx."""
    timestamp = int(time.time())
    body = delivery.body.encode()
    headers = {
        "content-type": "application/json",
        "webhook-id": delivery.id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(webhook.secret, delivery.id, timestamp, body),
    }
    request = urllib.request.Request(webhook.url, body, headers, method="POST")  # noqa: S310 - only http(s) is registered
    try:
        with _OPENER.open(request, timeout=ANSWER_SECONDS):
            return None
    except urllib.error.HTTPError as error:
        return f"it answered {error.code}"
    except (OSError, ValueError) as error:
        return f"it could not be reached: {getattr(error, 'reason', error)}"[:200]


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over id, time (s since 1970) and body: the receiver computes the same, and refuses what is old."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A receiver that sends elsewhere is not followed: only the registered address is told anything."""

    def redirect_request(
        self,
        req: urllib.request.Request,  # noqa: ARG002 - the library's signature
        fp: IO[bytes],  # noqa: ARG002
        code: int,  # noqa: ARG002
        msg: str,  # noqa: ARG002
        headers: Message,  # noqa: ARG002
        newurl: str,  # noqa: ARG002
    ) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirects)
