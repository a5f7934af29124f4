"""The queues of a foreign history as inbound campaigns: ids, hours, rows and required hours."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from data.generate.case_folder import Row
from data.generate.foreign import Foreign
from data.generate.learned_hours import DAY_KINDS, Hours, learn_hours
from data.generate.lines import MAX_OCCUPANCY, SERVICE
from data.generate.load import Floats, inbound_agents
from wfm.calendar import calendar
from wfm.clock import to_utc
from wfm.errors import WallTimeError
from wfm.plan import IDLE


@dataclass(frozen=True)
class Queue:
    """One queue: `id` is a slug of its `name` and its skill too; `rows` has columns ds and y."""

    id: str
    name: str
    rows: pd.DataFrame
    hours: Hours

    def agents(self, aht_seconds: float, interval_minutes: int) -> Floats:
        """Productive agents of an average week of the last year, per kind of day and interval. Shape (3, intervals)."""
        volume = np.where(self.hours.open, self.hours.volume, 0.0)
        return inbound_agents(volume, aht_seconds, interval_minutes, MAX_OCCUPANCY)

    def campaign(self) -> Row:
        """Its row of the campaigns table."""
        return {
            "campaign": self.id,
            "name": self.name,
            "market": "FR",
            "channel": "inbound",
            "stage": "industrialised",
            "skill": self.id,
            "min_level": 1,
            "open_on_holidays": self.hours.on_holidays,
            "max_occupancy": MAX_OCCUPANCY,
            "shortage_cost_per_hour": "45.00",
            "currency": "EUR",
            "min_inhouse_share": 0,
            "min_partner_share": 0,
            **SERVICE,
        }

    def opening(self, interval_minutes: int) -> list[Row]:
        """Its rows of the opening_hours table."""
        return [
            {
                "campaign": self.id,
                "weekdays": weekdays,
                "opens": _wall(first * interval_minutes),
                "closes": _wall(last * interval_minutes),
            }
            for kind, (weekdays, _) in enumerate(DAY_KINDS)
            for first, last in self.hours.spans(kind)
        ]


def largest_queues(foreign: Foreign, count: int, country: str) -> list[Queue]:
    """The `count` series with the most contacts, largest first."""
    totals = foreign.rows.groupby("series", sort=True)["y"].sum().sort_values(ascending=False, kind="stable")
    queues: list[Queue] = []
    taken = {IDLE}
    for name in totals.index[totals > 0][:count]:
        rows = foreign.rows.loc[foreign.rows["series"] == name, ["ds", "y"]].reset_index(drop=True)
        key = slug(str(name), taken)
        taken.add(key)
        queues.append(
            Queue(key, str(name), rows, learn_hours(rows["ds"], rows["y"], foreign.interval_minutes, country))
        )
    return queues


def slug(name: str, taken: set[str]) -> str:
    """An id in plain letters, digits and underscores, numbered when already taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:48] or "queue"
    key, number = base, 2
    while key in taken:
        key, number = f"{base}_{number}", number + 1
    return key


def history_rows(
    queue: Queue, interval_minutes: int, country: str, tz: ZoneInfo, aht_seconds: float
) -> tuple[pd.DataFrame, int, float]:
    """Rows of the history table for the open intervals of a queue; with it, how many open rows fell into an hour that a
    clock change skips or doubles and were dropped, and how many contacts came outside the learnt hours.
    """
    ds, y = queue.rows["ds"], queue.rows["y"]
    kind = np.clip(ds.dt.day_of_week.to_numpy() - 4, 0, 2)
    slot = ((ds.dt.hour * 60 + ds.dt.minute) // interval_minutes).to_numpy()
    worked = queue.hours.open[kind, slot]
    if not queue.hours.on_holidays:
        free = {day for day in ds.dt.date.unique() if calendar(country).is_holiday(day)}
        worked &= ~ds.dt.date.isin(free).to_numpy()
    inside = ds[worked]
    starts = [_start(wall, tz) for wall in inside.dt.to_pydatetime()]
    history = pd.DataFrame({"campaign": queue.id, "interval_start": starts, "volume": y[worked], "handled": y[worked]})
    history["aht_seconds"] = np.where(history["handled"] > 0, aht_seconds, np.nan)
    known = history["interval_start"].notna()
    return history[known], int((~known).sum()), float(y[~worked].sum())


def _start(wall: datetime, tz: ZoneInfo) -> str | None:
    """ISO 8601 with offset; None where the wall time is skipped or occurs twice."""
    try:
        return to_utc(wall, tz).astimezone(tz).isoformat(timespec="minutes")
    except WallTimeError:
        return None


def _wall(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
