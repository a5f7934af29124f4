"""Histories made by known rules, so that a forecast can be judged by what it should have learned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pytest

from wfm.campaign import Event, OpeningHours
from wfm.case import Case
from wfm.clock import Grid, zone
from wfm.demand import CampaignForecast, Forecast
from wfm.history import CampaignHistory
from wfm.opening import open_mask

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WEEKDAY_FACTOR = np.array([1.3, 1.1, 1.0, 0.9, 0.8, 0.5, 0.4])
EVENT_DAYS = [date(2026, 9, 15), date(2026, 10, 13)]
FUTURE_EVENT = date(2026, 12, 8)


def _make_history(case: Case, name: str, *, days: int = 130, rate: float = 8.0, seed: int = 1) -> CampaignHistory:
    """`days` days before `as_of`: Poisson counts at `rate` x weekday x (1.8 on days of the mailing), every open slot a row;
    for outbound, all records are loaded at the first slot of the day and three slots in four are dialled evenly.
    """
    campaign = case.campaign_by_id[name]
    market = case.market_by_id[campaign.market]
    tz = zone(market.time_zone)
    grid = Grid.of_days(case.as_of - timedelta(days=days), days, 30, tz)
    hours = [entry for entry in case.opening_hours if entry.campaign == name]
    mask = open_mask(grid, campaign, hours, case.calendar(market.country), tz)
    walls = np.array(grid.walls(tz), dtype=object)[mask]
    minutes = np.array([int((grid.instant(slot) - EPOCH).total_seconds()) // 60 for slot in np.flatnonzero(mask)])
    rng = np.random.default_rng(seed)
    rates = np.array(
        [rate * WEEKDAY_FACTOR[wall.weekday()] * (1.8 if wall.date() in EVENT_DAYS else 1) for wall in walls]
    )
    volume = rng.poisson(rates).astype(float)
    nothing = np.full(len(walls), np.nan)
    columns = {"volume": volume, "handled": volume, "attempts": nothing, "contacts": nothing}
    if campaign.channel == "outbound":
        first = np.array([index == 0 or walls[index].date() != walls[index - 1].date() for index in range(len(walls))])
        columns = {
            "volume": np.where(first, 400.0, np.nan), "handled": nothing,
            "attempts": np.full(len(walls), 40.0), "contacts": np.full(len(walls), 8.0),
        }  # fmt: skip
    aht = np.array([300.0 if wall.hour < 12 else 400.0 for wall in walls])
    return CampaignHistory(campaign=name, interval_minutes=30, start_minute=minutes, aht_seconds=aht, **columns)


def _change(case: Case, **changes: object) -> Case:
    """The case rebuilt with some fields changed, so that nothing computed from the old one is kept."""
    return Case.model_validate(case.model_dump() | changes)


def _around_the_clock(case: Case, first_day: date) -> Case:
    """One campaign, open day and night, planned in the week of `first_day`."""
    hours = [OpeningHours(campaign="service", weekday=day, opens=time(0), closes=time(0)) for day in range(1, 8)]
    service = case.campaign_by_id["service"].model_dump() | {"open_on_holidays": True}
    return _change(
        case,
        first_day=first_day,
        as_of=first_day - timedelta(days=14),
        campaigns=[service],
        opening_hours=hours,
        partners=[],
    )


@pytest.fixture(scope="session")
def make_history() -> Callable[..., CampaignHistory]:
    return _make_history


@pytest.fixture(scope="session")
def change() -> Callable[..., Case]:
    return _change


@pytest.fixture(scope="session")
def around_the_clock(tiny_case: Case) -> Callable[[date], Case]:
    return lambda first_day: _around_the_clock(tiny_case, first_day)


@pytest.fixture(scope="session")
def case(tiny_case: Case) -> Case:
    """The tiny case for three weeks that hold Christmas, with a mailing to come like those of September and October."""
    events = [
        Event(campaign="service", name="mailing", first_day=day, last_day=day) for day in [*EVENT_DAYS, FUTURE_EVENT]
    ]
    return _change(tiny_case, days=21, events=events)


@pytest.fixture(scope="session")
def histories(case: Case) -> dict[str, CampaignHistory]:
    return {campaign.id: _make_history(case, campaign.id) for campaign in case.campaigns}


@pytest.fixture(scope="session")
def forecast(case: Case, histories: dict[str, CampaignHistory]) -> Forecast:
    from models.forecast.forecast import forecast_case

    return forecast_case(case, histories, seed=7, workers=2)


@pytest.fixture(scope="session")
def by_campaign(forecast: Forecast) -> dict[str, CampaignForecast]:
    return {made.campaign: made for made in forecast.campaigns}
