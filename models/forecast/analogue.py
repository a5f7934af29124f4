"""A campaign too young to have shown its weeks borrows those of the one it resembles most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from models.forecast.series import DayTable, Floats, weekdays

LOW_HISTORY = "LOW_HISTORY"
"""Stands in front of the method of a forecast from under eight weeks of a campaign's own days."""
ENOUGH_DAYS = 56
BORROWED_DAYS = 364


def with_analogues(tables: Mapping[str, DayTable]) -> tuple[dict[str, DayTable], dict[str, str]]:
    """Histories of at least ENOUGH_DAYS as they are; before shorter ones, the days of the longer history, with intervals as long,
    whose week looks most like theirs, scaled to their level. Also, for each short one, what was done, in words.
    """
    grown = {name: table for name, table in tables.items() if _own_days(table) >= ENOUGH_DAYS}
    made, notes = dict(tables), {}
    for name, table in tables.items():
        if name in grown or not np.nansum(table.y):
            continue
        notes[name] = f"{LOW_HISTORY}: {_own_days(table)} days of its own"
        peers = {other: peer for other, peer in grown.items() if peer.interval_minutes == table.interval_minutes}
        if peers:
            likest = max(sorted(peers), key=lambda other: _likeness(table, peers[other]))
            made[name] = _borrowed(table, peers[likest])
            notes[name] += f", before them the days of {likest} at its level"
    return made, notes


def _own_days(table: DayTable) -> int:
    """Days from the first to the last recorded."""
    recorded = np.flatnonzero(table.recorded)
    return int(recorded[-1] - recorded[0]) + 1 if len(recorded) else 0


def _week(table: DayTable) -> Floats:
    """Mean volume per weekday and slot over the last ENOUGH_DAYS; NaN where never recorded. Shape (7, slots)."""
    weekday, y = weekdays(table.days[-ENOUGH_DAYS:]), table.y[-ENOUGH_DAYS:]
    seen = ~np.isnan(y)
    counts = np.array([seen[weekday == day].sum(axis=0) for day in range(7)])
    sums = np.array([np.nansum(y[weekday == day], axis=0) for day in range(7)])
    return np.asarray(np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0))


def _weeks(table: DayTable, peer: DayTable) -> tuple[Floats, Floats]:
    """The two weeks where the first has shown something. Both shapes (n,)."""
    own, other = _week(table), _week(peer)
    seen = ~np.isnan(own)
    return own[seen], np.nan_to_num(other[seen])


def _likeness(table: DayTable, peer: DayTable) -> float:
    """Overlap of the two weeks' shares over what the young one has shown, 1 where they are equal."""
    own, other = _weeks(table, peer)
    return float(np.minimum(own / own.sum(), other / max(float(other.sum()), 1e-9)).sum())


def _borrowed(table: DayTable, peer: DayTable) -> DayTable:
    """The peer's days up to the first of the table, times the ratio of their weeks, then the table's own."""
    own, other = _weeks(table, peer)
    ratio = float(own.sum() / other.sum()) if other.any() else 0.0
    first = table.days[table.recorded][0]
    before = peer.y[(peer.days < first) & (peer.days >= first - BORROWED_DAYS)] * ratio
    between = np.full((max(int((first - peer.end).astype(np.int64)), 0), table.y.shape[1]), np.nan)
    after = table.y[table.days >= first]
    return replace(table, first_day=first - (len(before) + len(between)), y=np.concatenate([before, between, after]))
