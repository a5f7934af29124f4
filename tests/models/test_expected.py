"""What a case expects of its outbound campaigns: known lists in place of guessed loads, and no trace of past staffing."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from models.expected import expected
from models.staffing.requirement import build_requirement
from wfm.case import Case
from wfm.clock import zone
from wfm.demand import CampaignForecast, Forecast
from wfm.history import CampaignHistory
from wfm.list_batch import ListBatch
from wfm.opening import open_slots

LIST = ListBatch(
    campaign="sales",
    batch="a",
    loaded_on=date(2026, 12, 7),
    last_day=date(2026, 12, 9),
    records=15_000,
    eligible=12_000,
)


def only_sales(case: Case, **fields: object) -> Case:
    hours = [entry for entry in case.opening_hours if entry.campaign == "sales"]
    campaign = case.campaign_by_id["sales"].model_dump() | {"eligible_share": fields.pop("eligible_share", None)}
    changed = {"campaigns": [campaign], "opening_hours": hours, "partners": [], "events": []}
    return Case.model_validate(case.model_dump() | changed | fields)


def history_of(case: Case, *, served: float = 1.0) -> CampaignHistory:
    """Eight weeks of 400 records loaded at the opening of each calling day; `served`: share of the calls there was staff for."""
    tz = zone("Europe/Paris")
    slots = np.flatnonzero(open_slots(case, case.campaign_by_id["sales"]))
    week = [int(case.grid.instant(slot).timestamp()) // 60 for slot in slots.tolist()]
    minutes = np.array([minute - 7 * 1440 * (back + 2) for back in range(8, 0, -1) for minute in week], dtype=np.int64)
    days = (minutes // 1440).tolist()
    first = np.array([index == 0 or days[index] != days[index - 1] for index in range(len(days))])
    assert tz.key == case.market_by_id["FR"].time_zone
    ones = np.ones(len(minutes))
    return CampaignHistory(
        "sales",
        30,
        minutes,
        np.where(first, 400.0, np.nan),
        np.nan * ones,
        420 * ones,
        60 * served * ones,
        10.8 * served * ones,
    )


def sales(case: Case, history: CampaignHistory) -> tuple[Forecast, CampaignForecast]:
    forecast = expected(case, {"sales": history}, seed=1)
    return forecast, forecast.campaigns[0]


def test_a_known_list_is_the_work_and_stops_when_it_is_exhausted(tiny_case: Case) -> None:
    """Worked example 11 in three days, through forecast and requirement: 1,223.6 h of talk at 85 %."""
    case = only_sales(tiny_case, list_batches=[LIST.model_dump()])
    forecast, made = sales(case, history_of(case))
    assert sum(made.mean) == pytest.approx(12_000, abs=0.01)
    by_day = dict(zip(made.days, made.day_mean, strict=True))
    assert [round(by_day[date(2026, 12, day)]) for day in range(7, 12)] == [4_000, 4_000, 4_000, 0, 0]
    assert set(made.quantiles) == {made.mean}
    assert "exhausted on 2026-12-09" in made.method
    requirement = build_requirement(case, forecast).campaigns[0]
    assert requirement.work / 1000 / 2 * 0.85 == pytest.approx(1_223.6, abs=0.05)


def test_a_list_that_outlives_the_plan_leaves_its_share_for_later(tiny_case: Case) -> None:
    """Ten calling days from 7 to 18 December, of which the plan has five: half of 12,000 records."""
    longer = LIST.model_copy(update={"last_day": date(2026, 12, 18)})
    case = only_sales(tiny_case, list_batches=[longer.model_dump()])
    _, made = sales(case, history_of(case))
    assert sum(made.mean) == pytest.approx(6_000, abs=0.01)
    assert "18,263 attempts in the plan, 18,263 after it, exhausted on 2026-12-18" in made.method


def test_past_staffing_does_not_pass_for_demand(tiny_case: Case) -> None:
    """Half the calls could be made for want of staff: the records to dial and the reach rate are the same."""
    case = only_sales(tiny_case)
    (_, full), (_, short) = (sales(case, history_of(case, served=served)) for served in (1.0, 0.5))
    assert sum(full.mean) == pytest.approx(2_000, rel=0.02)
    assert short.mean == pytest.approx(full.mean)
    assert short.reach_rate == full.reach_rate == pytest.approx(0.18)


def test_attempts_not_made_are_made_good_in_the_plan(tiny_case: Case) -> None:
    """1,080 attempts on each of 5 days, or half: what is left goes evenly into 13 days, of which the plan has 3."""
    early = LIST.model_copy(update={"loaded_on": date(2026, 11, 16)})
    case = only_sales(tiny_case, list_batches=[early.model_dump()])
    for served in (1.0, 0.5):
        _, made = sales(case, history_of(case, served=served))
        left = 36_525.2 - served * 5 * 1_080
        assert sum(made.mean) * 3.0437667 == pytest.approx(left * 3 / 13, rel=1e-4)


def test_a_share_of_what_is_loaded_may_be_called(tiny_case: Case) -> None:
    whole, part = only_sales(tiny_case), only_sales(tiny_case, eligible_share=0.4)
    (_, every), (_, some) = sales(whole, history_of(whole)), sales(part, history_of(part))
    np.testing.assert_allclose(some.mean, 0.4 * np.array(every.mean), atol=1e-6)
    np.testing.assert_allclose(some.day_quantiles, 0.4 * np.array(every.day_quantiles), atol=1e-6)
    assert "40% of the records loaded may be called" in some.method
