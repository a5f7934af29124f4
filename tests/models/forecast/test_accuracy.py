"""Accuracy of past forecasts: scores by hand, and the whole on a history whose rules are known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest

from models.forecast.accuracy import accuracy_of
from models.forecast.accuracy_report import AccuracyReport, CampaignAccuracy
from models.forecast.accuracy_scores import Scored, ScoredDays, by_band, by_hour, by_member, misses, pit
from wfm.case import Case
from wfm.demand import QUANTILES
from wfm.errors import WfmError
from wfm.history import CampaignHistory


def scored(actual: list[float], mean: list[float], weekday: list[int], hour: list[int]) -> Scored:
    quantiles = np.outer([level + 0.5 for level in QUANTILES], mean)
    ints = (np.array(values, dtype=np.int64) for values in (range(len(actual)), weekday, hour))
    return Scored(np.array(actual), np.array(mean), quantiles, *ints)


def test_volume_bands_by_hand() -> None:
    """Two small intervals (3 and 1 against 2), one of 10 against 15, none between 20 and 100, one of 200 against 190."""
    found = by_band(scored([3, 1, 15, 190], [2, 2, 10, 200], [0] * 4, [9] * 4))
    assert [(one.band, one.intervals, one.volume) for one in found] == [(0, 2, 4.0), (1, 1, 15.0), (3, 1, 190.0)]
    assert [one.wape for one in found] == pytest.approx([2 / 4, 5 / 15, 10 / 190])
    assert [one.bias for one in found] == pytest.approx([0, -5 / 15, 10 / 190])
    assert [one.coverage_80 for one in found] == [
        1.0,
        0.0,
        1.0,
    ]  # 80 % bands: 0.6 to 1.4 times the mean, rounded outward


def test_hours_of_the_week_by_hand() -> None:
    part = scored([10, 20, 30], [12, 18, 30], [0, 0, 6], [9, 9, 23])
    assert by_hour(part, absolute=False)[0][9] == pytest.approx(0)
    assert by_hour(part, absolute=True)[0][9] == pytest.approx(4 / 30)
    assert by_hour(part, absolute=True)[6][23] == 0
    assert by_hour(part, absolute=True)[3] == (None,) * 24


def test_who_is_wrong_when_by_hand() -> None:
    monday, week = np.array([True, False, False]), np.array([True, True, False])
    days = ScoredDays(
        actual=np.array([100.0, 50.0, 50.0]),
        mean=np.array([100.0, 60.0, 50.0]),
        quantiles=np.zeros((13, 3)),
        members={"a": np.array([120.0, 50.0, 50.0]), "b": np.array([100.0, 50.0, 40.0])},
        condition={"weekday 1": monday, "week 1": week},
    )
    assert misses(days, days.mean) == pytest.approx((0, 10 / 150))
    one, other = by_member(days, {"a": 0.3, "b": 0.7})
    assert (one.member, one.weight, one.day_wape, one.bias) == ("b", 0.7, 10 / 200, -10 / 200)
    assert one.miss == pytest.approx((0, 0))
    assert other.miss == pytest.approx((0.2, 20 / 150))


def test_pit_of_a_right_forecast_is_flat_and_of_others_is_not() -> None:
    rng = np.random.default_rng(1)
    levels = np.array(QUANTILES)[:, None]
    from scipy.stats import norm, poisson

    actual = rng.normal(100, 10, 5_000)
    right = np.repeat(norm.ppf(levels, 100, 10), len(actual), axis=1)
    assert pit(actual, right) == pytest.approx([0.1] * 10, abs=0.02)
    narrow = np.repeat(norm.ppf(levels, 100, 5), len(actual), axis=1)
    assert pit(actual, narrow)[0] > 0.2
    low = np.repeat(norm.ppf(levels, 90, 10), len(actual), axis=1)
    assert pit(actual, low)[9] > 0.3
    means = rng.uniform(5, 40, 5_000)
    counts = rng.poisson(means).astype(float)  # several levels share one count
    assert pit(counts, poisson.ppf(levels, means)) == pytest.approx([0.1] * 10, abs=0.02)


def test_pit_by_hand() -> None:
    """With quantiles 10, 20, … 130: 70 is the median; 65 and 75 half-way to the next levels; 999 above all."""
    quantiles = np.arange(10.0, 140.0, 10.0)[:, None]
    assert pit(np.array([75.0]), quantiles) == pytest.approx([0, 0, 0, 0, 0, 1, 0, 0, 0, 0])
    assert pit(np.array([70.0]), quantiles) == pytest.approx([0, 0, 0, 0, 0.5, 0.5, 0, 0, 0, 0])
    assert pit(np.array([999.0]), quantiles) == pytest.approx([0] * 9 + [1])
    assert sum(pit(np.empty(0), np.empty((13, 0)))) == 0


@pytest.fixture(scope="module")
def report(case: Case, make_history: Callable[..., CampaignHistory], change: Callable[..., Case]) -> AccuracyReport:
    hours = [entry for entry in case.opening_hours if entry.campaign == "service"]
    alone = change(case, campaigns=[case.campaign_by_id["service"]], opening_hours=hours, partners=[])
    return accuracy_of(alone, {"service": make_history(alone, "service", days=130)}, origins=2, seed=1)


@pytest.fixture(scope="module")
def service(report: AccuracyReport) -> CampaignAccuracy:
    return report.campaigns[0]


def test_origins_lie_before_the_plan_is_made(report: AccuracyReport, case: Case) -> None:
    assert report.origins == (case.as_of - timedelta(days=56), case.as_of - timedelta(days=28))
    assert AccuracyReport.from_json(report.canonical_json()) == report


def test_a_history_of_pure_chance_is_forecast_as_well_as_chance_allows(service: CampaignAccuracy) -> None:
    assert service.time_zone == "Europe/Paris"
    assert service.bias == pytest.approx(0, abs=0.05)
    assert service.wape is not None
    assert service.wape < 0.36  # Poisson noise alone at 8 contacts: about 0.28
    assert service.coverage_80 == pytest.approx(0.83, abs=0.09)
    assert sum(service.pit_days) == pytest.approx(1)
    assert sum(band.intervals for band in service.bands) == service.intervals
    assert sum(band.volume for band in service.bands) == pytest.approx(service.volume)


def test_days_are_those_that_came(service: CampaignAccuracy, case: Case) -> None:
    days = [day.day for day in service.days]
    assert days == sorted(set(days))
    assert days[0] >= case.as_of - timedelta(days=56)
    assert days[-1] < case.as_of
    assert sum(day.actual for day in service.days) == pytest.approx(service.volume)
    assert all(day.low <= day.mean <= day.high for day in service.days)


def test_members_are_told_with_their_weights_and_their_misses(service: CampaignAccuracy) -> None:
    assert {one.member for one in service.members} == {"Prophet", "average", "smoothing", "boosting"}
    assert sum(one.weight for one in service.members) == pytest.approx(1)
    assert "special" in service.conditions
    assert all(len(one.miss) == len(service.conditions) for one in service.members)
    assert "because in" in service.method


def test_components_tell_the_rules_of_the_history(service: CampaignAccuracy) -> None:
    """Mondays 1.3 and Fridays 0.8 of a mean of 1.02; the mailing of 8 December 1.8 times."""
    found = {(one.kind, one.subject): one.factor for one in service.components}
    assert found["weekday", "1"] / found["weekday", "5"] == pytest.approx(1.3 / 0.8, rel=0.1)
    assert found["trend", ""] == pytest.approx(1, abs=0.1)
    assert found["calendar", "2026-12-08 mailing"] == pytest.approx(1.8, rel=0.2)


def test_too_short_a_history_is_refused(
    case: Case, make_history: Callable[..., CampaignHistory], change: Callable[..., Case]
) -> None:
    hours = [entry for entry in case.opening_hours if entry.campaign == "service"]
    alone = change(case, campaigns=[case.campaign_by_id["service"]], opening_hours=hours, partners=[])
    with pytest.raises(WfmError, match="56 days of history before 2026-11-23"):
        accuracy_of(alone, {"service": make_history(alone, "service", days=50)})
    assert case.as_of == date(2026, 11, 23)
