"""Stored history as a table again, so that a changed case is held to the same rules as one that is sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from data.ingest.cells import Moment
from data.ingest.parsed import ParsedColumn, ParsedTable
from data.ingest.tables import HISTORY
from wfm.campaign import Channel
from wfm.case import Case
from wfm.history import CampaignHistory

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def history_table(case: Case, histories: dict[str, CampaignHistory], campaigns: Iterable[str]) -> ParsedTable:
    """The rows of the `campaigns` among a case's, by campaign and time; numbered as in a file of their own."""
    kept = [histories[campaign] for campaign in campaigns if campaign in histories]
    names = [history.campaign for history in kept]
    counts = [len(history) for history in kept]
    outbound = {campaign.id for campaign in case.campaigns if campaign.channel is Channel.OUTBOUND}
    nothing = [np.full(count, np.nan) for count in counts]
    of_lists = [history.campaign in outbound for history in kept]
    volumes = [history.volume for history in kept]
    columns = {
        "campaign": ParsedColumn(np.repeat(np.arange(len(kept)), counts), names, list(names)),
        "interval_start": _starts([history.start_minute for history in kept]),
        "volume": _numbers(
            [none if lists else one for one, none, lists in zip(volumes, nothing, of_lists, strict=True)]
        ),
        "records_loaded": _numbers(
            [one if lists else none for one, none, lists in zip(volumes, nothing, of_lists, strict=True)]
        ),
        "handled": _numbers([history.handled for history in kept]),
        "aht_seconds": _numbers([history.aht_seconds for history in kept]),
        "attempts": _numbers([history.attempts for history in kept]),
        "contacts": _numbers([history.contacts for history in kept]),
    }
    return ParsedTable(HISTORY, np.arange(sum(counts), dtype=np.int64) + 2, columns, whole=True)


def _starts(parts: list[NDArray[np.int64]]) -> ParsedColumn:
    distinct, codes = np.unique(np.concatenate([np.empty(0, np.int64), *parts]), return_inverse=True)
    walls = [(_EPOCH + timedelta(minutes=minute)).replace(tzinfo=None) for minute in distinct.tolist()]
    texts = [f"{wall:%Y-%m-%dT%H:%M}Z" for wall in walls]
    return ParsedColumn(codes, texts, [Moment(wall, timedelta(0), is_date=False) for wall in walls])


def _numbers(parts: list[NDArray[np.float64]]) -> ParsedColumn:
    distinct, codes = np.unique(np.concatenate([np.empty(0), *parts]), return_inverse=True)
    values = [None if np.isnan(value) else value for value in distinct.tolist()]
    return ParsedColumn(codes, ["" if value is None else repr(value) for value in values], values)
