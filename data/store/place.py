"""Where one is in a long list that others add to meanwhile: by what the last entry seen is sorted, never by its number."""

from __future__ import annotations

from datetime import datetime

Place = tuple[datetime, *tuple[str, ...]]
"""The instant of the last entry seen, and the texts by which entries of one instant are sorted."""
