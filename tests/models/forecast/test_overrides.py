"""The planner's hand, by hand: what it moves, what follows, what stays."""

from __future__ import annotations

from datetime import date, time

import numpy as np
import pytest

from models.forecast.overrides import overridden
from wfm.case import Case
from wfm.clock import zone
from wfm.demand import QUANTILES, CampaignForecast
from wfm.errors import WfmError
from wfm.opening import open_slots
from wfm.override import Override

DAY, NEXT = date(2026, 12, 7), date(2026, 12, 8)


@pytest.fixture(scope="module")
def flat(tiny_case: Case) -> CampaignForecast:
    """4 contacts in every open half-hour, quantiles 4 x (level + 0.5)."""
    campaign = tiny_case.campaign_by_id["service"]
    is_open = open_slots(tiny_case, campaign)
    walls = tiny_case.grid.walls(zone("Europe/Paris"))
    days = tuple(sorted({wall.date() for wall in walls}))
    mean = 4.0 * is_open
    owner = np.array([days.index(wall.date()) for wall in walls])
    day_mean = np.bincount(owner, weights=mean, minlength=len(days))
    factors = [level + 0.5 for level in QUANTILES]
    return CampaignForecast(
        campaign="service",
        mean=tuple(mean.tolist()),
        quantiles=tuple(tuple((mean * factor).tolist()) for factor in factors),
        aht_seconds=tuple((300.0 * is_open).tolist()),
        days=days,
        day_mean=tuple(day_mean.tolist()),
        day_quantiles=tuple(tuple((day_mean * factor).tolist()) for factor in factors),
        reach_rate=None,
        method="by hand",
    )


def override(**fields: object) -> Override:
    known = {"campaign": "service", "first_day": DAY, "last_day": DAY, "author": "P01", "reason": "mailing"}
    return Override.model_validate({**known, **fields})


def apply(case: Case, forecast: CampaignForecast, *overrides: Override) -> CampaignForecast:
    return overridden(case, case.campaign_by_id["service"], forecast, overrides)


def of_day(case: Case, made: CampaignForecast, day: date) -> np.ndarray:
    return np.array([wall.date() == day for wall in case.grid.walls(zone("Europe/Paris"))])


def test_without_overrides_nothing_moves(tiny_case: Case, flat: CampaignForecast) -> None:
    assert apply(tiny_case, flat) is flat
    assert apply(tiny_case, flat, override(campaign="mail", volume=1)) is flat


def test_a_percentage_scales_its_day_and_every_quantile(tiny_case: Case, flat: CampaignForecast) -> None:
    made = apply(tiny_case, flat, override(percent=25))
    day = of_day(tiny_case, flat, DAY)
    np.testing.assert_allclose(np.array(made.mean)[day], 1.25 * np.array(flat.mean)[day])
    np.testing.assert_allclose(np.array(made.quantiles)[:, day], 1.25 * np.array(flat.quantiles)[:, day])
    np.testing.assert_array_equal(np.array(made.mean)[~day], np.array(flat.mean)[~day])
    where = flat.days.index(DAY)
    assert made.day_mean[where] == pytest.approx(1.25 * flat.day_mean[where])
    assert made.day_quantiles[3][where] == pytest.approx(1.25 * flat.day_quantiles[3][where])
    assert made.method == "by hand; overridden: service, 2026-12-07: +25 % (P01: mailing)"


def test_a_volume_is_the_total_of_its_days_and_keeps_their_shape(tiny_case: Case, flat: CampaignForecast) -> None:
    made = apply(tiny_case, flat, override(last_day=NEXT, volume=500))
    both = of_day(tiny_case, flat, DAY) | of_day(tiny_case, flat, NEXT)
    assert np.array(made.mean)[both].sum() == pytest.approx(500, abs=1e-3)
    open_ones = np.array(made.mean)[both & (np.array(flat.mean) > 0)]
    np.testing.assert_allclose(open_ones, open_ones[0])


def test_a_span_of_intervals_leaves_the_rest_of_the_day(tiny_case: Case, flat: CampaignForecast) -> None:
    made = apply(tiny_case, flat, override(from_time=time(10), to_time=time(12), volume=40))
    walls = tiny_case.grid.walls(zone("Europe/Paris"))
    inside = np.array([wall.date() == DAY and 10 <= wall.hour < 12 for wall in walls])
    assert np.array(made.mean)[inside].tolist() == [10.0] * 4
    np.testing.assert_array_equal(np.array(made.mean)[~inside], np.array(flat.mean)[~inside])
    where = flat.days.index(DAY)
    assert made.day_mean[where] == pytest.approx(flat.day_mean[where] + 24)
    factor = made.day_mean[where] / flat.day_mean[where]
    assert made.day_quantiles[-1][where] == pytest.approx(factor * flat.day_quantiles[-1][where])


def test_what_was_forecast_empty_is_filled_evenly(tiny_case: Case, flat: CampaignForecast) -> None:
    nothing = apply(tiny_case, flat, override(volume=0))
    assert not np.array(nothing.quantiles)[:, of_day(tiny_case, flat, DAY)].any()
    filled = apply(tiny_case, nothing, override(volume=90))
    day = of_day(tiny_case, flat, DAY) & (np.array(flat.mean) > 0)
    np.testing.assert_allclose(np.array(filled.mean)[day], 90 / day.sum(), atol=1e-6)
    quantiles = np.array(filled.quantiles)[:, day]
    assert (np.diff(quantiles, axis=0) >= 0).all()
    assert (quantiles[0] <= 90 / day.sum()).all()
    assert (quantiles[-1] >= 90 / day.sum()).all()
    assert filled.day_quantiles[0][flat.days.index(DAY)] == 72.0  # Poisson with mean 90: 2.5 %


def test_later_overrides_build_on_earlier_ones(tiny_case: Case, flat: CampaignForecast) -> None:
    made = apply(tiny_case, flat, override(volume=200), override(percent=10))
    assert made.day_mean[flat.days.index(DAY)] == pytest.approx(220, abs=1e-3)


def test_closed_intervals_are_never_opened(tiny_case: Case, flat: CampaignForecast) -> None:
    with pytest.raises(WfmError, match="no interval in which the campaign is open"):
        apply(tiny_case, flat, override(from_time=time(2), to_time=time(4), volume=5))
    made = apply(tiny_case, flat, override(volume=900))
    assert not np.array(made.mean)[np.array(flat.mean) == 0].any()


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"volume": 1, "percent": 1},
        {"volume": 1, "last_day": date(2026, 12, 6)},
        {"volume": 1, "from_time": time(9)},
        {"volume": 1, "from_time": time(9), "to_time": time(9)},
        {"percent": -101},
    ],
)
def test_an_override_says_one_thing(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="for Override"):
        override(**fields)


def test_a_forecast_that_lacks_days_of_the_plan_is_refused(tiny_case: Case, flat: CampaignForecast) -> None:
    short = flat.model_copy(update={"days": flat.days[:-1]})
    with pytest.raises(WfmError, match=rf"the plan needs {flat.days[-1]} to {flat.days[-1]} .*forecast the case anew"):
        apply(tiny_case, short, override(percent=20))
