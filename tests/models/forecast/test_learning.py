"""The parts that learn from history: tables, profiles, special days, levels, freak days, opening hours."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from models.forecast.average import Effects, average
from models.forecast.calendar import Calendar
from models.forecast.handling import handling_time, reach_rate
from models.forecast.opening import LearntOpening
from models.forecast.profile import learn_profile
from models.forecast.prophet_member import prophet
from models.forecast.series import Daily, DayTable, daily_totals, weekdays, without_freaks
from models.forecast.uncertainty import day_effects, quantiles

MONDAY = np.datetime64("2026-06-01")


def days_from(first: np.datetime64, count: int) -> np.ndarray:
    return first + np.arange(count)


def test_weekdays_start_on_monday() -> None:
    assert weekdays(days_from(MONDAY, 8)).tolist() == [0, 1, 2, 3, 4, 5, 6, 0]


def test_a_wall_time_that_occurs_twice_holds_the_mean() -> None:
    walls = np.array(["2026-10-25T02:00", "2026-10-25T02:00", "2026-10-25T03:00"], dtype="datetime64[m]")
    table = DayTable.of(walls, np.array([4.0, 8.0, np.nan]), 60)
    assert table.y[0, 2] == 6
    assert np.isnan(table.y[0, 3])


def test_totals_are_made_whole_for_slots_not_recorded() -> None:
    y = np.array([[5.0, 5.0, 10.0], [5.0, 5.0, np.nan], [np.nan, np.nan, 3.0], [np.nan, np.nan, np.nan]])
    usual = np.tile([0.25, 0.25, 0.5], (4, 1))
    usual[2] = [0.4, 0.4, 0.2]
    daily = daily_totals(DayTable(MONDAY, 480, y), usual)
    assert daily.days.tolist() == days_from(MONDAY, 2).tolist()  # of the third day too little was recorded
    assert daily.y.tolist() == [20.0, 20.0]


def test_freak_days_are_tamed_and_level_shifts_kept() -> None:
    days = days_from(MONDAY, 140)
    y = np.full(140, 100.0)
    y[30], y[60], y[100:] = 2.0, 900.0, 300.0
    normal = np.ones(140, dtype=bool)
    tamed = without_freaks(Daily(days, y, days[-1] + 1), normal)
    assert len(tamed.y) == 139
    assert tamed.y.max() == 400
    assert (tamed.y[-40:] == 300).all()
    normal[30] = False
    assert len(without_freaks(Daily(days, y, days[-1] + 1), normal).y) == 140


def test_effects_of_holidays_lean_on_their_group() -> None:
    days = days_from(np.datetime64("2025-01-06"), 540)
    calendar = Calendar("FR")
    tags = calendar.tags(days)
    y = np.where(tags.is_holiday, 40.0, 100.0)
    effects = Effects(Daily(days, y, days[-1] + 1), tags)
    asked = days_from(np.datetime64("2026-12-24"), 3)
    normal, christmas, _ = effects.factors(calendar.tags(asked))
    assert normal == 1
    assert 0.4 <= christmas < 0.46


def test_an_event_never_seen_has_no_effect() -> None:
    days = days_from(MONDAY, 70)
    calendar = Calendar(None, {"launch": frozenset({date(2026, 8, 12)})})
    made = average(Daily(days, np.full(70, 50.0), days[-1] + 1), days_from(np.datetime64("2026-08-10"), 5), calendar, 0)
    assert made is not None
    assert made.mean == pytest.approx(np.full(5, 50.0))


def test_a_level_that_triples_is_followed_in_two_weeks() -> None:
    days = days_from(MONDAY, 154)
    y = np.full(154, 100.0)
    y[-14:] = 300.0
    history, asked = Daily(days, y, days[-1] + 1), days_from(days[-1] + 1, 7)
    for member in (average, prophet):
        made = member(history, asked, Calendar(), 1)
        assert made is not None
        assert made.mean.mean() > 190


def test_prophet_is_not_asked_about_less_than_three_weeks() -> None:
    days = days_from(MONDAY, 20)
    assert prophet(Daily(days, np.full(20, 9.0), days[-1] + 1), days_from(days[-1] + 1, 7), Calendar(), 1) is None


def test_profile_follows_the_day_type_and_stays_out_of_unused_slots() -> None:
    weekday = weekdays(days_from(MONDAY, 70))
    y = np.where((weekday < 5)[:, None], [10.0, 30.0, 60.0], [20.0, 20.0, np.nan])
    profile = learn_profile(DayTable(MONDAY, 480, y), np.zeros(70, bool), np.zeros(70, bool))
    np.testing.assert_allclose(profile.shares.sum(axis=1), 1)
    np.testing.assert_allclose(profile.shares[0], [0.1, 0.3, 0.6], atol=1e-9)
    assert profile.shares[5, 2] == 0
    assert profile.overdispersion == 0


def test_day_effects_have_mean_one() -> None:
    rng = np.random.default_rng(3)
    factors = day_effects(np.array([-0.3, 0.0, 0.1, 0.4]), np.full(200, 1e6), rng)
    assert factors.mean() == pytest.approx(1, abs=0.01)


def test_without_noise_counts_are_poisson() -> None:
    rng = np.random.default_rng(3)
    day = np.repeat(np.arange(40), 10)
    slots, totals = quantiles(np.full(400, 9.0), day, misses=np.zeros(5), overdispersion=0.0, rng=rng)
    assert slots.mean(axis=1)[[2, 6, 10]] == pytest.approx([5, 9, 13], abs=0.35)  # exact Poisson(9) quantiles
    assert totals.mean(axis=1)[[2, 10]] == pytest.approx([78, 102], abs=1.5)


def test_handling_time_leans_on_the_mean_where_little_was_seen() -> None:
    walls = np.array(["2026-06-01T09:00", "2026-06-01T10:00"], dtype="datetime64[m]")
    made = handling_time(
        "q", walls, np.array([200.0, 600.0]), np.array([200.0, 200.0]), np.append(walls, walls[:1] + 120)
    )
    assert made == pytest.approx([300, 500, 400], abs=0.5)


def test_reach_rate_counts_the_last_weeks_only() -> None:
    walls = np.array(["2026-01-01T09:00", "2026-06-01T09:00"], dtype="datetime64[m]")
    assert reach_rate("q", walls, np.array([100.0, 100.0]), np.array([90.0, 20.0])) == pytest.approx(0.2)


def test_opening_is_learnt_from_the_last_weeks_and_from_holidays() -> None:
    days = days_from(np.datetime64("2025-01-06"), 560)
    calendar = Calendar("FR")
    busy = (weekdays(days) < 5) & ~calendar.tags(days).is_holiday
    table = DayTable(days[0], 480, np.where(busy[:, None], [0.0, 7.0, 7.0], 0.0))
    opening = LearntOpening.of(table, calendar)
    asked = np.array(
        ["2026-12-24T08:00", "2026-12-24T00:00", "2026-12-25T08:00", "2026-12-26T08:00"], dtype="datetime64[m]"
    )
    assert opening.is_open(asked).tolist() == [True, False, False, False]
    assert opening.clean(table).recorded.tolist() == busy.tolist()


def test_without_a_country_no_day_is_a_holiday() -> None:
    christmas = np.array([date(2026, 12, 25) - timedelta(days=1), date(2026, 12, 25)], dtype="datetime64[D]")
    assert Calendar().tags(christmas).normal.all()
    assert Calendar("FR").tags(christmas).normal.tolist() == [True, False]
