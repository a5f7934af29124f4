"""What happened: contact history per campaign, in columns."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CampaignHistory:
    """Interval counts of one campaign, sorted by time, no interval twice. All arrays have shape (n,); NaN means not recorded.

    An interval without a row was closed or not recorded; a zero was open and empty.
    """

    campaign: str
    interval_minutes: int
    start_minute: NDArray[np.int64]
    """Start of each interval, minutes since 1970-01-01T00:00Z."""
    volume: Floats
    """Contacts offered (inbound, deferrable) or records loaded into the dialler (outbound)."""
    handled: Floats
    """Contacts handled."""
    aht_seconds: Floats
    """Mean handling time of the contacts handled, seconds."""
    attempts: Floats
    """Outbound: calls dialled."""
    contacts: Floats
    """Outbound: right-party contacts reached."""

    def __len__(self) -> int:
        return len(self.start_minute)

    def content_hash(self) -> str:
        """SHA-256 over all columns, hexadecimal."""
        digest = hashlib.sha256(f"{self.campaign}|{self.interval_minutes}|{len(self)}".encode())
        digest.update(np.ascontiguousarray(self.start_minute, dtype="<i8").tobytes())
        for column in (self.volume, self.handled, self.aht_seconds, self.attempts, self.contacts):
            digest.update(np.ascontiguousarray(column, dtype="<f8").tobytes())
        return digest.hexdigest()
