"""The promises of a forecast, on histories whose rules are known."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from models.forecast.forecast import forecast_case
from wfm.case import Case
from wfm.clock import zone
from wfm.demand import QUANTILES, CampaignForecast, Forecast
from wfm.errors import WfmError
from wfm.history import CampaignHistory
from wfm.opening import open_slots
from wfm.progress import Progress

MakeHistory = Callable[..., CampaignHistory]
Made = dict[str, CampaignForecast]
MAILING, DAY_AFTER = date(2026, 12, 8), date(2026, 12, 9)


def only(case: Case, change: Callable[..., Case], name: str, **changes: object) -> Case:
    hours = [entry for entry in case.opening_hours if entry.campaign == name]
    return change(case, campaigns=[case.campaign_by_id[name]], opening_hours=hours, partners=[], events=[], **changes)


def test_intervals_sum_to_days_and_weeks(case: Case, forecast: Forecast) -> None:
    for made in forecast.campaigns:
        walls = [wall.date() for wall in case.grid.walls(zone("Europe/Paris"))]
        sums = [sum(m for m, day in zip(made.mean, walls, strict=True) if day == wanted) for wanted in made.days]
        assert made.days == tuple(sorted(set(walls)))
        np.testing.assert_allclose(sums, made.day_mean, atol=1e-6, rtol=0)
        assert sum(made.mean) == pytest.approx(sum(made.day_mean), abs=1e-6)
        assert sum(made.mean) > 0


def test_closed_slots_are_exactly_zero_and_nothing_is_negative(case: Case, forecast: Forecast) -> None:
    for made in forecast.campaigns:
        closed = ~open_slots(case, case.campaign_by_id[made.campaign])
        assert closed.any()
        for series in (made.mean, made.aht_seconds, *made.quantiles):
            assert not np.array(series)[closed].any()
            assert min(series) >= 0


def test_quantiles_rise_with_their_level_and_surround_the_mean(forecast: Forecast) -> None:
    for made in forecast.campaigns:
        for table, mean in ((np.array(made.quantiles), made.mean), (np.array(made.day_quantiles), made.day_mean)):
            assert table.shape == (len(QUANTILES), len(mean))
            assert (np.diff(table, axis=0) >= 0).all()
            assert (table[0] <= np.array(mean)).all()
            assert (table[-1] >= np.floor(mean)).all()


def test_the_number_of_workers_and_the_order_of_campaigns_do_not_matter(
    case: Case, histories: dict[str, CampaignHistory], forecast: Forecast, change: Callable[..., Case]
) -> None:
    assert forecast_case(case, histories, seed=7, workers=1) == forecast
    turned = change(case, campaigns=[campaign.model_dump() for campaign in reversed(case.campaigns)])
    assert forecast_case(turned, histories, seed=7, workers=3).campaigns == tuple(reversed(forecast.campaigns))


def test_another_seed_changes_bands_but_not_means(
    case: Case, histories: dict[str, CampaignHistory], forecast: Forecast, change: Callable[..., Case]
) -> None:
    other = forecast_case(only(case, change, "mail"), histories, seed=8, workers=1).campaigns[0]
    np.testing.assert_allclose(other.mean, forecast.campaigns[2].mean, rtol=0.05)
    assert other.quantiles != forecast.campaigns[2].quantiles


def test_an_event_to_come_has_the_effect_of_its_like(by_campaign: Made) -> None:
    service = dict(zip(by_campaign["service"].days, by_campaign["service"].day_mean, strict=True))
    usual = service[MAILING + timedelta(days=7)]
    assert 1.4 < service[MAILING] / usual < 2.0
    assert 0.9 < service[DAY_AFTER] / service[DAY_AFTER + timedelta(days=7)] < 1.1
    assert "1 kind of event" in by_campaign["service"].method


def test_holidays_of_the_market_are_closed(by_campaign: Made) -> None:
    for made in by_campaign.values():
        assert dict(zip(made.days, made.day_mean, strict=True))[date(2026, 12, 25)] == 0


def test_weekdays_differ_as_they_did(by_campaign: Made) -> None:
    mail = dict(zip(by_campaign["mail"].days, by_campaign["mail"].day_mean, strict=True))
    for day, factor in ((date(2026, 12, 7), 1.3), (date(2026, 12, 11), 0.8)):
        assert mail[day] == pytest.approx(8 * 18 * factor, rel=0.12)


def test_method_publishes_the_weight_of_every_member(by_campaign: Made) -> None:
    for made in by_campaign.values():
        shares = [float(share) for share in re.findall(r"(?:Prophet|average|smoothing|boosting) (\.\d\d)", made.method)]
        assert len(shares) == 4
        assert sum(shares) == pytest.approx(1, abs=0.02)
        assert re.search("because in [23] back-tests they missed by Prophet", made.method)


def test_handling_time_follows_the_hour(case: Case, by_campaign: Made) -> None:
    service = by_campaign["service"]
    hours = [wall.hour for wall in case.grid.walls(zone("Europe/Paris"))]
    morning = [aht for aht, hour in zip(service.aht_seconds, hours, strict=True) if aht and hour < 12]
    evening = [aht for aht, hour in zip(service.aht_seconds, hours, strict=True) if aht and hour >= 12]
    assert 300 < max(morning) < min(evening) < 400


def test_outbound_spreads_its_records_over_the_hours_it_dials(case: Case, by_campaign: Made) -> None:
    sales = by_campaign["sales"]
    assert sales.reach_rate == pytest.approx(0.2)
    open_days = [mean for mean in sales.day_mean if mean]
    np.testing.assert_allclose(open_days, 400, rtol=0.03)
    means = np.array(sales.mean)[open_slots(case, case.campaign_by_id["sales"])]
    assert means.max() / means.min() < 1.15  # dialled evenly, although loaded at once in the first slot
    assert by_campaign["service"].reach_rate is None


@pytest.mark.parametrize(
    ("monday", "sunday", "hours"),
    [(date(2026, 10, 19), date(2026, 10, 25), 25), (date(2027, 3, 22), date(2027, 3, 28), 23)],
)
def test_days_of_the_clock_change(
    around_the_clock: Callable[[date], Case], make_history: MakeHistory, monday: date, sunday: date, hours: int
) -> None:
    case = around_the_clock(monday)
    made = forecast_case(case, {"service": make_history(case, "service", days=40)}, seed=1).campaigns[0]
    walls = [wall.date() for wall in case.grid.walls(zone("Europe/Paris"))]
    slots = walls.count(sunday)
    # Rabat keeps its own clock, so the market's Sunday may be cut off where the plan of the own sites ends.
    assert hours * 2 - 4 <= slots <= hours * 2
    assert sum(made.mean) == pytest.approx(sum(made.day_mean), abs=1e-6)
    usual = 8 * 0.4 * slots
    assert dict(zip(made.days, made.day_mean, strict=True))[sunday] == pytest.approx(usual, rel=0.15)


def test_short_history_is_forecast_without_prophet_and_says_so(
    case: Case, make_history: MakeHistory, change: Callable[..., Case]
) -> None:
    alone = only(case, change, "mail")
    made = forecast_case(alone, {"mail": make_history(case, "mail", days=15)}, seed=1).campaigns[0]
    assert "too short" in made.method
    assert "Prophet" not in made.method
    assert sum(made.mean[:336]) == pytest.approx(8 * 18 * 5.1, rel=0.15)


def test_gaps_are_not_learned_as_small_days(
    case: Case, histories: dict[str, CampaignHistory], change: Callable[..., Case], forecast: Forecast
) -> None:
    whole = histories["mail"]
    keep = np.ones(len(whole), dtype=bool)
    keep[-200:-150] = False  # nearly three days without a row, and afternoons missing after that
    keep[-150:][np.arange(150) % 18 >= 12] = False
    columns = ("start_minute", "volume", "handled", "aht_seconds", "attempts", "contacts")
    torn = replace(whole, **{name: getattr(whole, name)[keep] for name in columns})
    made = forecast_case(only(case, change, "mail"), {"mail": torn}, seed=7).campaigns[0]
    assert sum(made.mean) == pytest.approx(sum(forecast.campaigns[2].mean), rel=0.08)


def test_a_queue_without_contacts_is_forecast_as_zero(
    case: Case, histories: dict[str, CampaignHistory], change: Callable[..., Case]
) -> None:
    empty = replace(histories["mail"], volume=np.zeros(len(histories["mail"])))
    made = forecast_case(only(case, change, "mail"), {"mail": empty}, seed=1).campaigns[0]
    assert not any(made.mean)
    assert not np.array(made.day_quantiles).any()


def test_missing_history_and_missing_handling_time_are_told(
    case: Case, histories: dict[str, CampaignHistory], change: Callable[..., Case]
) -> None:
    alone = only(case, change, "mail")
    with pytest.raises(WfmError, match="'mail' has no history"):
        forecast_case(alone, {}, seed=1)
    mute = replace(histories["mail"], aht_seconds=np.full(len(histories["mail"]), np.nan))
    with pytest.raises(WfmError, match="no handling time"):
        forecast_case(alone, {"mail": mute}, seed=1)


def test_progress_reaches_one_and_stop_is_obeyed(
    case: Case, histories: dict[str, CampaignHistory], make_history: MakeHistory
) -> None:
    short = {name: make_history(case, name, days=14) for name in histories}
    seen: list[Progress] = []
    forecast_case(case, short, seed=1, on_progress=seen.append)
    assert [round(progress.fraction, 2) for progress in seen] == [0.0, 0.33, 0.67, 1.0]
    with pytest.raises(WfmError, match="stopped on request after 1 of 3"):
        forecast_case(case, short, seed=1, stop=lambda: True)
