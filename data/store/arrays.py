"""Histories as bytes: one compressed NumPy archive, exact to the bit."""

from __future__ import annotations

import io
import json
from dataclasses import fields

import numpy as np

from wfm.history import CampaignHistory

_COLUMNS = tuple(field.name for field in fields(CampaignHistory) if field.name not in {"campaign", "interval_minutes"})


def pack_histories(histories: dict[str, CampaignHistory]) -> bytes:
    """The archive: `index` (JSON: campaign and interval of each history) and arrays `<position>.<column>`."""
    entries = [histories[campaign] for campaign in sorted(histories)]
    index = json.dumps([[entry.campaign, entry.interval_minutes] for entry in entries])
    arrays = {f"{i}.{column}": getattr(entry, column) for i, entry in enumerate(entries) for column in _COLUMNS}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, index=np.frombuffer(index.encode(), dtype=np.uint8), **arrays)
    return buffer.getvalue()


def unpack_histories(packed: bytes) -> dict[str, CampaignHistory]:
    """The inverse of `pack_histories`, campaign to history."""
    with np.load(io.BytesIO(packed), allow_pickle=False) as archive:
        index = json.loads(archive["index"].tobytes())
        return {
            campaign: CampaignHistory(campaign, interval, **{column: archive[f"{i}.{column}"] for column in _COLUMNS})
            for i, (campaign, interval) in enumerate(index)
        }
