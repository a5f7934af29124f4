"""The parts that learn from history: tables, profiles, special days, levels, freak days, opening hours."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from models.forecast.average import average
from models.forecast.boosting import Ahead, Learner, fit_booster
from models.forecast.calendar import Calendar
from models.forecast.effects import learn_effects
from models.forecast.handling import handling_time, reach_rate
from models.forecast.opening import LearntOpening
from models.forecast.profile import learn_profile
from models.forecast.prophet_member import prophet
from models.forecast.series import Cleaned, Daily, DayTable, daily_totals, weekdays, without_freaks
from models.forecast.smoothing import smoothing
from models.forecast.weights import Trial, weigh

MONDAY = np.datetime64("2026-06-01")


def days_from(first: np.datetime64, count: int) -> np.ndarray:
    return first + np.arange(count)


def plain(days: np.ndarray, y: np.ndarray) -> Cleaned:
    return Cleaned(days, y, days[-1] + 1, np.ones(len(days), dtype=bool))


def learner(days: np.ndarray, y: np.ndarray, calendar: Calendar) -> Learner:
    daily = Daily(days, y, days[-1] + 1)
    tags, factors = calendar.tags(days), learn_effects(daily, calendar).factors(days)
    return Learner(Cleaned(days, y / factors, daily.end, tags.normal), factors, tags.group)


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


def test_effects_of_holidays_never_seen_are_those_of_their_group() -> None:
    days = days_from(np.datetime64("2025-01-06"), 540)
    calendar = Calendar("FR")
    y = np.where(calendar.tags(days).is_holiday, 40.0, 100.0)
    effects = learn_effects(Daily(days, y, days[-1] + 1), calendar)
    normal, christmas, after = effects.factors(days_from(np.datetime64("2026-12-24"), 3))
    assert normal == pytest.approx(1, abs=0.03)
    assert christmas == pytest.approx(0.4, abs=0.04)
    assert after == pytest.approx(1, abs=0.03)


def test_calls_wait_for_the_day_after_a_holiday_and_for_the_first_of_the_month() -> None:
    days = days_from(np.datetime64("2025-01-06"), 540)
    calendar = Calendar("FR")
    holiday = calendar.tags(days).is_holiday
    waited = np.append(False, (holiday & (weekdays(days) < 5))[:-1]) & ~holiday
    first = days == days.astype("datetime64[M]").astype("datetime64[D]")
    y = np.random.default_rng(1).poisson(200 * (1 + 0.4 * waited) * (1 + 0.2 * first)).astype(float)
    effects = learn_effects(Daily(days, y, days[-1] + 1), calendar)
    asked = np.array(["2026-07-15", "2026-07-16", "2026-10-01"], dtype="datetime64[D]")
    assert effects.factors(asked) == pytest.approx([1.4, 1, 1.2], abs=0.1)


def test_effects_that_do_nothing_are_learned_to_be_nothing() -> None:
    days = days_from(np.datetime64("2025-01-06"), 540)
    y = np.random.default_rng(2).poisson(50, 540).astype(float)
    effects = learn_effects(Daily(days, y, days[-1] + 1), Calendar())
    assert effects.factors(days_from(days[-1] + 1, 60)) == pytest.approx(np.ones(60), abs=0.03)


def test_an_event_never_seen_has_no_effect() -> None:
    days = days_from(MONDAY, 70)
    calendar = Calendar(None, {"launch": frozenset({date(2026, 8, 12)})})
    effects = learn_effects(Daily(days, np.full(70, 50.0), days[-1] + 1), calendar)
    assert effects.factors(days_from(np.datetime64("2026-08-10"), 5)) == pytest.approx(np.ones(5), rel=0.01)


def test_a_level_that_triples_is_followed_in_two_weeks() -> None:
    days = days_from(MONDAY, 154)
    y = np.full(154, 100.0)
    y[-14:] = 300.0
    for member in (average, prophet, smoothing):
        made = member(plain(days, y), days_from(days[-1] + 1, 7), 1)
        assert made is not None
        assert made.mean() > 190


def test_a_level_that_tripled_in_two_months_is_followed_closely() -> None:
    days = days_from(MONDAY, 214)
    y = np.append(np.full(140, 100.0), np.append(np.linspace(100, 300, 60), np.full(14, 300.0)))
    for member in (average, prophet, smoothing):
        made = member(plain(days, y), days_from(days[-1] + 1, 7), 1)
        assert made is not None
        assert made.mean() == pytest.approx(300, rel=0.15)


def test_smoothing_needs_four_weeks_and_knows_weekdays() -> None:
    days = days_from(MONDAY, 84)
    y = np.where(weekdays(days) < 5, 100.0, 30.0)
    assert smoothing(plain(days[:27], y[:27]), days_from(days[27], 7), 0) is None
    made = smoothing(plain(days, y), days_from(days[-1] + 1, 14), 0)
    assert made == pytest.approx(np.tile([100.0] * 5 + [30.0] * 2, 2), rel=0.02)


def test_boosting_learns_from_long_series_what_short_ones_cannot_know() -> None:
    days = days_from(np.datetime64("2024-01-01"), 912)
    august = days.astype("datetime64[M]").astype(np.int64) % 12 == 7
    rng = np.random.default_rng(4)
    long = [learner(days, rng.poisson(rate * (1 - 0.5 * august)).astype(float), Calendar()) for rate in (300, 90)]
    booster = fit_booster(long)
    assert booster is not None
    ahead = np.array(["2026-07-08", "2026-08-05"], dtype="datetime64[D]")
    short = learner(days[-40:], np.full(40, 9.0), Calendar())
    asked = [Ahead(one.history, ahead, np.ones(2), np.full(2, -1)) for one in (short, *long)]
    too_short, made, _ = booster(asked)
    assert too_short is None
    assert made is not None
    assert made[1] < 0.8 * made[0]
    assert fit_booster([short]) is None


def test_boosting_is_right_in_the_mean_on_sparse_series() -> None:
    days = days_from(MONDAY, 400)
    rng = np.random.default_rng(6)
    sparse = [learner(days, rng.poisson(1.2, 400).astype(float), Calendar()) for _ in range(4)]
    booster = fit_booster(sparse)
    assert booster is not None
    ahead = days_from(days[-1] + 1, 28)
    made = booster([Ahead(one.history, ahead, np.ones(28), np.full(28, -1)) for one in sparse])
    assert np.mean([mean for mean in made if mean is not None]) == pytest.approx(1.2, rel=0.1)


def test_prophet_is_not_asked_about_less_than_three_weeks() -> None:
    days = days_from(MONDAY, 20)
    assert prophet(plain(days, np.full(20, 9.0)), days_from(days[-1] + 1, 7), 1) is None


def test_weights_follow_the_evidence_and_lean_on_equal_shares() -> None:
    actual = np.full(28, 100.0)
    good, bad = actual + 5, actual + 20
    one = weigh(["Prophet", "average"], [Trial(actual, {"Prophet": good, "average": bad})])
    three = weigh(["Prophet", "average"], [Trial(actual, {"Prophet": good, "average": bad})] * 3)
    assert 0.5 < one.weights["Prophet"] < three.weights["Prophet"] < 1
    assert sum(three.weights.values()) == pytest.approx(1)
    alike = weigh(["Prophet", "average"], [Trial(actual, {"Prophet": actual + 5, "average": actual - 5})])
    assert alike.weights == pytest.approx({"Prophet": 0.5, "average": 0.5})


def test_a_member_never_tried_counts_as_middling() -> None:
    actual = np.full(28, 100.0)
    means = {"average": actual + 5, "smoothing": actual - 5}
    weighing = weigh(["Prophet", "average", "smoothing"], [Trial(actual, means)])
    assert weighing.weights == pytest.approx({"Prophet": 1 / 3, "average": 1 / 3, "smoothing": 1 / 3})
    assert "Prophet .33, average .33, smoothing .33, because in 1 back-test they missed by average 5 %" in str(weighing)


def test_profile_follows_the_day_type_and_stays_out_of_unused_slots() -> None:
    weekday = weekdays(days_from(MONDAY, 70))
    y = np.where((weekday < 5)[:, None], [10.0, 30.0, 60.0], [20.0, 20.0, np.nan])
    profile = learn_profile(DayTable(MONDAY, 480, y), np.zeros(70, bool), np.zeros(70, bool))
    np.testing.assert_allclose(profile.shares.sum(axis=1), 1)
    np.testing.assert_allclose(profile.shares[0], [0.1, 0.3, 0.6], atol=1e-3)
    assert profile.shares[5, 2] == 0
    assert profile.overdispersion == 0


def test_profile_of_a_sparse_queue_pools_weekdays() -> None:
    days = days_from(np.datetime64("2026-01-05"), 280)
    rate = np.array([0.5, 1.0, 3.0, 0.8])
    y = np.random.default_rng(8).poisson(rate, (280, 4)).astype(float)
    none = np.zeros(280, bool)
    shares = learn_profile(DayTable(days[0], 360, y), none, none).shares[:7]
    np.testing.assert_allclose(shares, np.tile(rate / rate.sum(), (7, 1)), atol=0.11)


def test_profile_follows_a_change_of_hours() -> None:
    y = np.tile([50.0, 50.0, 50.0], (280, 1))
    y[-84:] = [10.0, 60.0, 80.0]
    none = np.zeros(280, bool)
    shares = learn_profile(DayTable(MONDAY, 480, y), none, none).shares[0]
    np.testing.assert_allclose(shares, [1 / 15, 6 / 15, 8 / 15], atol=0.02)


def test_profile_of_weekdays_never_worked_is_that_of_others() -> None:
    y = np.where((weekdays(days_from(MONDAY, 70)) < 5)[:, None], [10.0, 30.0, 60.0], np.nan)
    profile = learn_profile(DayTable(MONDAY, 480, y), np.zeros(70, bool), np.zeros(70, bool))
    np.testing.assert_allclose(profile.shares, np.tile([0.1, 0.3, 0.6], (8, 1)), atol=1e-6)


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
