"""Step one of the chain: the forecast of every campaign of a case."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from models.engine.engine import LOCAL, Engine, map_chunks
from models.forecast.analogue import with_analogues
from models.forecast.calendar import Calendar
from models.forecast.ensemble import Asked, SeriesForecast, forecast_batch
from models.forecast.handling import handling_time, reach_rate
from models.forecast.seeds import series_seed
from models.forecast.series import Days, DayTable, Walls
from wfm.campaign import Campaign, Channel
from wfm.case import Case
from wfm.clock import Grid, zone
from wfm.demand import CampaignForecast, Forecast
from wfm.errors import WfmError
from wfm.history import CampaignHistory
from wfm.opening import legal_spans, open_mask, open_slots
from wfm.progress import OnProgress, Stop, never, silent

Item = TypeVar("Item")

CHUNK = 250
"""Series forecast together at most: enough to learn from, few enough for a worker's memory."""


def forecast_case(
    case: Case,
    histories: dict[str, CampaignHistory],
    *,
    seed: int,
    workers: int = 1,
    engine: Engine = LOCAL,
    on_progress: OnProgress = silent,
    stop: Stop = never,
) -> Forecast:
    """Forecast every campaign of the case on its grid; `histories` maps campaign ids to their histories.

    The result depends neither on `workers` nor on the `engine`. Campaigns learn from one another, so leaving one out may move
    the others a little.
    Raises WfmError when a campaign has no usable history, or when `stop` asked to stop.
    """
    for campaign in case.campaigns:
        if campaign.id not in histories or not len(histories[campaign.id]):
            raise WfmError(
                f"Campaign {campaign.id!r} has no history, so nothing can be forecast: add its rows to table history or "
                "remove the campaign."
            )
    campaigns = {campaign.id: campaign for campaign in case.campaigns}
    grown = _grown([asked_of(case, campaign, histories[campaign.id], case.grid, seed) for campaign in case.campaigns])
    made: dict[str, CampaignForecast] = {}
    batch = {asked.name: asked for asked in grown}

    def chosen(names: Sequence[str]) -> list[Asked]:
        return [batch[name] for name in names]

    for results in forecast_many(
        list(batch), chosen, seed=seed, workers=workers, engine=engine, on_progress=on_progress, stop=stop
    ):
        for name, forecast in results:
            made[name] = _document(case, campaigns[name], histories[name], forecast)
    return Forecast(
        case_hash=case.content_hash(),
        seed=seed,
        grid=case.grid,
        campaigns=tuple(made[campaign.id] for campaign in case.campaigns),
    )


def forecast_many(
    names: Sequence[str],
    asked: Callable[[Sequence[str]], list[Asked]],
    *,
    seed: int,
    workers: int = 1,
    engine: Engine = LOCAL,
    on_progress: OnProgress = silent,
    stop: Stop = never,
) -> Iterator[list[tuple[str, SeriesForecast]]]:
    """Forecasts of any number of series by name, a chunk at a time: series learn from those of their chunk. Chunks are cut by
    number alone, in the order of names, so that neither `workers` nor `engine` moves a figure. `asked` gives the series of one
    chunk when it is wanted.
    """
    chunks = even_chunks(sorted(names))
    # A single chunk has all the workers, as threads: a case is one, and other processes would take seconds to start.
    threads = workers if len(chunks) == 1 else 1
    function = partial(forecast_batch, seed=seed, workers=threads)
    yield from map_chunks(
        function,
        map(asked, chunks),
        sizes=[len(chunk) for chunk in chunks],
        workers=workers,
        engine=engine,
        on_progress=on_progress,
        stop=stop,
    )


def even_chunks(items: Sequence[Item]) -> list[Sequence[Item]]:
    """As few chunks of at most CHUNK as there can be, as even as can be, in order."""
    count = -(-len(items) // CHUNK)
    return [items[len(items) * n // count : len(items) * (n + 1) // count] for n in range(count)]


def asked_of(case: Case, campaign: Campaign, history: CampaignHistory, grid: Grid, seed: int) -> Asked:
    """A campaign's series and the slots of `grid` to forecast. Raises WfmError when the history has no volume."""
    market = case.market_by_id[campaign.market]
    tz = zone(market.time_zone)
    past = history_walls(history, tz)
    table = DayTable.of(past, history.volume, history.interval_minutes)
    attempts = DayTable.of(past, history.attempts, history.interval_minutes)
    outbound = campaign.channel is Channel.OUTBOUND
    if not len(table.y):
        raise WfmError(
            f"Campaign {campaign.id!r} has no volume in its history: fill "
            f"{'records_loaded' if outbound else 'volume'} in table history."
        )
    shape = (attempts if len(attempts.y) else table) if outbound else None
    return Asked(
        campaign.id,
        table.without(_closed_days(case, campaign, table.days)),
        np.array(grid.walls(tz), dtype="datetime64[m]"),
        _open_on(case, campaign, grid),
        Calendar(market.country, _events(case, campaign), case.calendar_changes),
        series_seed(seed, campaign.id),
        shape,
    )


def _open_on(case: Case, campaign: Campaign, grid: Grid) -> NDArray[np.bool_]:
    market = case.market_by_id[campaign.market]
    hours = [hours for hours in case.opening_hours if hours.campaign == campaign.id]
    return open_mask(grid, campaign, hours, case.calendar(market.country), zone(market.time_zone))


def _grown(batch: list[Asked]) -> list[Asked]:
    """Young campaigns, but outbound ones, whose lists are their own, begin with the days of their likest peer."""
    full, notes = with_analogues({asked.name: asked.history for asked in batch if asked.shape is None})
    return [
        replace(asked, history=full.get(asked.name, asked.history), note=notes.get(asked.name, "")) for asked in batch
    ]


def history_walls(history: CampaignHistory, tz: ZoneInfo) -> Walls:
    """Naive wall time of each interval's start in `tz`. Shape (n,)."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    walls = [
        (epoch + timedelta(minutes=int(minute))).astimezone(tz).replace(tzinfo=None) for minute in history.start_minute
    ]
    return np.array(walls, dtype="datetime64[m]")


def _closed_days(case: Case, campaign: Campaign, days: Days) -> NDArray[np.bool_]:
    """Days on which the campaign would be closed today; their rows must not be learned as small days. Shape (days,)."""
    holidays = case.calendar(case.market_by_id[campaign.market].country)
    worked = {hours.weekday for hours in case.opening_hours if hours.campaign == campaign.id}
    dates = [day.astype(object) for day in days]
    if campaign.channel is Channel.OUTBOUND:
        return np.array([day.isoweekday() not in worked or not legal_spans(holidays, day) for day in dates], dtype=bool)
    shut = [not campaign.open_on_holidays and holidays.is_holiday(day) for day in dates]
    return np.array([day.isoweekday() not in worked or off for day, off in zip(dates, shut, strict=True)], dtype=bool)


def _events(case: Case, campaign: Campaign) -> dict[str, frozenset[date]]:
    events: dict[str, set[date]] = {}
    for event in case.events:
        if event.campaign in (None, campaign.id):
            days = events.setdefault(event.name, set())
            days.update(event.first_day + timedelta(days=n) for n in range((event.last_day - event.first_day).days + 1))
    return {name: frozenset(days) for name, days in events.items()}


def _document(case: Case, campaign: Campaign, history: CampaignHistory, forecast: SeriesForecast) -> CampaignForecast:
    tz = zone(case.market_by_id[campaign.market].time_zone)
    past, asked = history_walls(history, tz), np.array(case.grid.walls(tz), dtype="datetime64[m]")
    outbound = campaign.channel is Channel.OUTBOUND
    weights = history.contacts if outbound else np.where(np.isnan(history.handled), history.volume, history.handled)
    aht = handling_time(campaign.id, past, history.aht_seconds, weights, asked) * open_slots(case, campaign)
    rate = reach_rate(campaign.id, past, history.attempts, history.contacts) if outbound else None
    return CampaignForecast(
        campaign=campaign.id,
        mean=tuple(forecast.mean.tolist()),
        quantiles=tuple(tuple(row) for row in forecast.quantiles.tolist()),
        aht_seconds=tuple(np.round(aht, 3).tolist()),
        days=tuple(forecast.days.astype(object)),
        day_mean=tuple(forecast.day_mean.tolist()),
        day_quantiles=tuple(tuple(row) for row in forecast.day_quantiles.tolist()),
        reach_rate=None if rate is None else round(rate, 6),
        method=forecast.method,
    )
