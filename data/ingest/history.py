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

NUMBERS = ("volume", "handled", "aht_seconds", "records_loaded", "attempts", "contacts")


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
        return self.table.columns[column].floats()[self.places]

    def empty(self, column: str) -> NDArray[np.bool_]:
        """Where the cell is empty, not merely faulty."""
        cells = self.table.columns[column]
        return np.array([value is None for value in cells.meanings], dtype=bool)[cells.codes[self.places]]

    def codes(self) -> NDArray[np.int64]:
        """Codes of the distinct starts."""
        return self.table.columns["interval_start"].codes[self.places]


def history_part(table: ParsedTable, campaign: str, channel: str | None, tz: ZoneInfo) -> HistoryPart:
    """The history of one campaign, whose market has the clock `tz`; without rows its arrays are empty."""
    names = table.columns["campaign"]
    codes = [code for code, value in enumerate(names.meanings) if value == campaign]
    places = np.flatnonzero(np.isin(names.codes, codes))
    minutes, faults = _instants(table, places, tz)
    return HistoryPart(campaign, channel, tz, table, places, minutes, faults)


def _instants(
    table: ParsedTable, places: NDArray[np.int64], tz: ZoneInfo
) -> tuple[NDArray[np.float64], dict[int, WallTimeError]]:
    """UTC minutes of the rows; every distinct start is converted once."""
    starts = table.columns["interval_start"]
    codes = starts.codes[places]
    known = np.full(len(starts.meanings), np.nan)
    faults: dict[int, WallTimeError] = {}
    for code in np.unique(codes).tolist():
        moment = starts.meanings[code]
        if isinstance(moment, Moment):
            try:
                known[code] = moment.utc(tz).timestamp() // 60
            except WallTimeError as error:
                faults[code] = error
    return known[codes], faults


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
