"""Step one of the chain: the forecast of every campaign of a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from models.forecast.analogue import with_analogues
from models.forecast.calendar import Calendar
from models.forecast.ensemble import Asked, SeriesForecast, forecast_batch
from models.forecast.handling import handling_time, reach_rate
from models.forecast.seeds import series_seed
from models.forecast.series import Days, DayTable, Walls
from wfm.campaign import Campaign, Channel
from wfm.case import Case
from wfm.clock import zone
from wfm.demand import CampaignForecast, Forecast
from wfm.errors import WfmError
from wfm.history import CampaignHistory
from wfm.opening import legal_spans, open_slots
from wfm.progress import OnProgress, Progress, Stop, never, silent


def forecast_case(
    case: Case,
    histories: dict[str, CampaignHistory],
    *,
    seed: int,
    workers: int = 1,
    on_progress: OnProgress = silent,
    stop: Stop = never,
) -> Forecast:
    """Forecast every campaign of the case on its grid; `histories` maps campaign ids to their histories.

    The result does not depend on `workers`. These are threads: nothing heavy is imported twice or forked from under running
    threads. Campaigns learn from one another, so leaving one out may move the others a little.
    Raises WfmError when a campaign has no usable history, or when `stop` asked to stop.
    """
    for campaign in case.campaigns:
        if campaign.id not in histories or not len(histories[campaign.id]):
            raise WfmError(
                f"Campaign {campaign.id!r} has no history, so nothing can be forecast: add its rows to table history or "
                "remove the campaign."
            )
    total = len(case.campaigns)
    campaigns = {campaign.id: campaign for campaign in case.campaigns}
    batch = _grown([_asked(case, campaign, histories[campaign.id], seed) for campaign in case.campaigns])
    made: dict[str, CampaignForecast] = {}
    on_progress(Progress(stage="forecast", fraction=0.0, message=f"{total} campaigns"))
    for name, forecast in forecast_batch(batch, seed=seed, workers=workers):
        made[name] = _document(case, campaigns[name], histories[name], forecast)
        on_progress(Progress(stage="forecast", fraction=len(made) / total, message=name))
        if stop() and len(made) < total:
            raise WfmError(f"The forecast was stopped on request after {len(made)} of {total} campaigns.")
    return Forecast(
        case_hash=case.content_hash(),
        seed=seed,
        grid=case.grid,
        campaigns=tuple(made[campaign.id] for campaign in case.campaigns),
    )


def _asked(case: Case, campaign: Campaign, history: CampaignHistory, seed: int) -> Asked:
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
        np.array(case.grid.walls(tz), dtype="datetime64[m]"),
        open_slots(case, campaign),
        Calendar(market.country, _events(case, campaign), case.calendar_changes),
        series_seed(seed, campaign.id),
        shape,
    )


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
