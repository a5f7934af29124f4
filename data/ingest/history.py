"""History in columns: instants from what was written, and one `CampaignHistory` per campaign."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from data.ingest.cells import Moment
from data.ingest.parsed import ParsedTable
from wfm.errors import WallTimeError
from wfm.history import CampaignHistory


@dataclass(frozen=True)
class HistoryPart:
    """The rows of one campaign; all arrays have shape (n,)."""

    campaign: str
    channel: str | None
    tz: ZoneInfo
    table: ParsedTable
    places: NDArray[np.int64]
    """Which rows of the table they are."""
    minutes: NDArray[np.float64]
    """Starts in minutes since 1970-01-01T00:00Z; NaN where unknown."""
    clock_faults: dict[int, WallTimeError]
    """By code of the distinct starts: wall times that are skipped or occur twice."""

    def numbers(self, column: str) -> NDArray[np.float64]:
        """NaN where empty or faulty."""
        return self.table.columns[column].floats[self.places]

    def empty(self, column: str) -> NDArray[np.bool_]:
        """Where the cell is empty, not merely faulty."""
        return self.table.columns[column].empty[self.places]

    def codes(self) -> NDArray[np.int64]:
        """Codes of the distinct starts."""
        return self.table.columns["interval_start"].codes[self.places]


@dataclass(frozen=True)
class Instants:
    """What the distinct starts of a history mean on one clock, by code: UTC minutes (NaN: unknown) and clock faults."""

    minutes: NDArray[np.float64]
    faults: dict[int, WallTimeError]

    @classmethod
    def on_clock(cls, table: ParsedTable, tz: ZoneInfo) -> Instants:
        """Every distinct start is converted once, however many campaigns share it."""
        starts = table.columns["interval_start"].meanings
        minutes = np.full(len(starts), np.nan)
        faults: dict[int, WallTimeError] = {}
        for code, moment in enumerate(starts):
            if isinstance(moment, Moment):
                try:
                    minutes[code] = moment.utc(tz).timestamp() // 60
                except WallTimeError as error:
                    faults[code] = error
        return cls(minutes, faults)


def history_part(
    table: ParsedTable, campaign: str, channel: str | None, tz: ZoneInfo, instants: Instants
) -> HistoryPart:
    """The history of one campaign, whose market has the clock `tz`; without rows its arrays are empty."""
    names = table.columns["campaign"]
    codes = [code for code, value in enumerate(names.meanings) if value == campaign]
    places = np.flatnonzero(np.isin(names.codes, codes))
    minutes = instants.minutes[table.columns["interval_start"].codes[places]]
    return HistoryPart(campaign, channel, tz, table, places, minutes, instants.faults)


def campaign_history(part: HistoryPart, interval_minutes: int) -> CampaignHistory:
    """Sorted by time; for outbound, volume is records_loaded."""
    order = np.argsort(part.minutes, kind="stable")
    volume = "records_loaded" if part.channel == "outbound" else "volume"
    return CampaignHistory(
        campaign=part.campaign,
        interval_minutes=interval_minutes,
        start_minute=part.minutes[order].astype(np.int64),
        volume=part.numbers(volume)[order],
        handled=part.numbers("handled")[order],
        aht_seconds=part.numbers("aht_seconds")[order],
        attempts=part.numbers("attempts")[order],
        contacts=part.numbers("contacts")[order],
    )
