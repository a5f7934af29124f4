"""Worked example 11, the work of 12,000 records, and the outbound requirement of example 5 on a French and a Moroccan holiday."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from models.staffing.attempts import dialling
from models.staffing.requirement import build_requirement
from wfm.campaign import Channel, LegalBasis
from wfm.case import Case
from wfm.clock import PARIS, zone
from wfm.demand import QUANTILES, CampaignForecast, Forecast
from wfm.opening import open_slots

ARMISTICE, INDEPENDENCE = date(2026, 11, 11), date(2026, 11, 18)


def test_12000_records() -> None:
    record = dialling(0.18, 4)

    assert 12_000 * record.attempts == pytest.approx(36_525.2, abs=0.05)
    assert 12_000 * record.contacts == pytest.approx(6_574.5, abs=0.05)
    assert record.contacts == pytest.approx(0.5479, abs=5e-5)
    hours = 12_000 * (record.attempts * 45 + record.contacts * 420) / 3600
    assert hours == pytest.approx(1_223.6, abs=0.05)
    assert hours / 0.85 / 0.70 == pytest.approx(2_056.5, abs=0.05)


@pytest.fixture(scope="module")
def november(tiny_case: Case) -> Case:
    """The fortnight from 2026-11-09, with three outbound campaigns: sales, another one, and the second calls of sales."""
    dump = tiny_case.model_dump()
    sales = next(c for c in dump["campaigns"] if c["channel"] is Channel.OUTBOUND)
    others = [
        sales | {"id": "renewal"},
        sales | {"id": "signing", "second_call_of": "sales", "second_call_share": 0.3},
    ]
    hours = [h for h in dump["opening_hours"] if h["campaign"] == "sales"]
    dump |= {
        "as_of": date(2026, 10, 26),
        "first_day": date(2026, 11, 9),
        "days": 14,
        "campaigns": [*dump["campaigns"], *(c | {"legal_basis": LegalBasis.CONSENT} for c in others)],
        "opening_hours": [*dump["opening_hours"], *(h | {"campaign": c["id"]} for c in others for h in hours)],
    }
    return Case.model_validate(dump)


@pytest.fixture(scope="module")
def loaded_daily(november: Case) -> Forecast:
    """Records (and contacts) at 10:00 to 20:00 Paris every weekday, whether a holiday or not."""
    walls = november.grid.walls(zone(PARIS))
    mean = tuple(50.0 if wall.isoweekday() < 6 and 10 <= wall.hour < 20 else 0.0 for wall in walls)
    days = tuple(sorted({wall.date() for wall in walls}))
    day_mean = tuple(sum(count for count, wall in zip(mean, walls, strict=True) if wall.date() == day) for day in days)
    return Forecast(
        case_hash=november.content_hash(),
        seed=0,
        grid=november.grid,
        campaigns=tuple(
            CampaignForecast(
                campaign=campaign.id,
                mean=tuple(np.array(mean) * open_slots(november, campaign))
                if campaign.channel is Channel.INBOUND
                else mean,
                quantiles=tuple(mean for _ in QUANTILES),
                aht_seconds=tuple(420.0 for _ in mean),
                days=days,
                day_mean=day_mean,
                day_quantiles=tuple(day_mean for _ in QUANTILES),
                reach_rate=0.18,
                method="by hand",
            )
            for campaign in november.campaigns
        ),
    )


def test_nothing_is_required_on_armistice_day(november: Case, loaded_daily: Forecast) -> None:
    """Records loaded on the holiday are dialled on Thursday; no item may even be worked on the holiday."""
    days = np.array([wall.date() for wall in november.grid.walls(zone(PARIS))])
    requirement = {entry.campaign: entry for entry in build_requirement(november, loaded_daily).campaigns}

    for campaign in (c for c in november.campaigns if c.channel is Channel.OUTBOUND):
        entry = requirement[campaign.id]
        agents = np.array(entry.net_agents)
        assert agents[days == ARMISTICE].max() == 0
        assert not open_slots(november, campaign)[days == ARMISTICE].any()
        assert ARMISTICE not in {days[slot] for item in entry.items for slot in range(item.first_slot, item.last_slot)}
        for day in (10, 12, 13, 16, 17, 18):
            assert agents[days == date(2026, 11, day)].sum() > 0
        assert entry.work > 0


def test_french_hours_are_kept_on_moroccan_independence_day(november: Case) -> None:
    assert november.calendar("MA").is_holiday(INDEPENDENCE)
    rabat = november.grid.walls(november.home_zone)

    for campaign in (c for c in november.campaigns if c.channel is Channel.OUTBOUND):
        slots = np.flatnonzero(open_slots(november, campaign))
        hours = [rabat[slot].hour + rabat[slot].minute / 60 for slot in slots if rabat[slot].date() == INDEPENDENCE]
        assert hours == [*np.arange(9, 12, 0.5), *np.arange(13, 19, 0.5)]
