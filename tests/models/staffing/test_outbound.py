from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from models.staffing.attempts import contacts_by_attempt, dialling, legal_attempts, most_attempts
from models.staffing.requirement import build_requirement
from wfm.case import Case
from wfm.demand import Forecast
from wfm.errors import WfmError
from wfm.opening import open_slots
from wfm.requirement import CampaignRequirement

MakeForecast = Callable[..., Forecast]
Change = Callable[..., Case]


def sales(case: Case, make: MakeForecast, volume: object, reach_rate: float | None = 0.18) -> CampaignRequirement:
    forecast = make(case, volume={"sales": volume}, aht={"sales": 420.0}, reach_rate=reach_rate)
    return next(r for r in build_requirement(case, forecast).campaigns if r.campaign == "sales")


def test_nobody_reached_and_everybody_reached() -> None:
    assert dialling(0.0, 4) == (4, 0)
    assert dialling(1.0, 4) == (1, 1)


def test_worked_example_through_the_case(tiny_case: Case, make_forecast: MakeForecast) -> None:
    """12,000 records over the week's five calling days, loaded in the first open slot of each."""
    is_open = open_slots(tiny_case, tiny_case.campaign_by_id["sales"])
    opens = np.flatnonzero(is_open)
    volume = np.zeros(tiny_case.grid.slots)
    volume[opens[::18]] = 2400  # 10-13 and 14-20 are 18 half-hours a day

    requirement = sales(tiny_case, make_forecast, volume)

    assert requirement.work / 1000 / 2 * 0.85 == pytest.approx(1_223.6, abs=0.05)
    assert sum(requirement.volume) == 12_000
    assert len(requirement.items) == 5
    for day, item in enumerate(requirement.items):  # 10:00-20:00 Paris is 09:00-19:00 Rabat
        assert (item.first_slot, item.last_slot) == (48 * day + 18, 48 * day + 38)
        assert is_open[item.first_slot : item.last_slot].sum() == 18
    assert max(i.work for i in requirement.items) - min(i.work for i in requirement.items) <= 1
    agents = np.array(requirement.net_agents)
    assert agents.sum() == pytest.approx(requirement.work / 1000)
    assert not agents[~is_open].any()
    assert agents[opens] == pytest.approx(requirement.work / 1000 / 90, rel=1e-5)


def test_contacts_by_attempt_sum_to_the_contacts() -> None:
    assert contacts_by_attempt(0.18, 4) == pytest.approx([0.18, 0.1476, 0.121032, 0.09924624])
    assert contacts_by_attempt(0.18, 4).sum() == pytest.approx(dialling(0.18, 4).contacts)
    assert not contacts_by_attempt(0.18, 0).size


def test_the_law_caps_attempts(tiny_case: Case, make_forecast: MakeForecast, change_campaign: Change) -> None:
    keen = change_campaign(tiny_case, "sales", max_attempts=9)
    shy = change_campaign(tiny_case, "sales", max_attempts=2)

    assert sales(keen, make_forecast, 10.0).items == sales(tiny_case, make_forecast, 10.0).items
    assert sales(shy, make_forecast, 10.0).work < sales(tiny_case, make_forecast, 10.0).work
    assert "at most 4 attempts" in sales(keen, make_forecast, 10.0).method


def test_the_limit_is_that_of_the_calling_day(
    tiny_case: Case, make_forecast: MakeForecast, change_campaign: Change
) -> None:
    """Attempts are limited from Wednesday 2023-03-01: that week's days before it get as many as the campaign wants."""
    keen = change_campaign(tiny_case, "sales", max_attempts=9)
    dump = keen.model_dump() | {"first_day": date(2023, 2, 27), "as_of": date(2023, 2, 13)}
    case = Case.model_validate(dump)
    assert [legal_attempts("FR", date(2023, 2, 28)), legal_attempts("FR", date(2023, 3, 1))] == [None, 4]
    assert most_attempts(case.campaign_by_id["sales"], "FR", date(2023, 2, 28)) == 9

    requirement = sales(case, make_forecast, 10.0)

    def work(records: float, most: int) -> float:
        record = dialling(0.18, most)
        return records * (record.attempts * 45 + record.contacts * 420) / 0.85 / 1800 * 1000

    # 20 open slots a day without the law on calling hours, 18 with it.
    expected = [work(200, 9)] * 2 + [work(180, 4)] * 3
    assert [item.work for item in requirement.items] == pytest.approx(expected, abs=1)


def test_all_sites_and_partners_share_the_attempts(tiny_case: Case, make_forecast: MakeForecast) -> None:
    """One requirement per campaign: who may dial its records does not change how often they are dialled."""
    dump = tiny_case.model_dump()
    dump["sites"] = [dump["sites"][0], dump["sites"][0] | {"id": "fes", "name": "Fès", "city": "Fès"}]
    certified = [{"campaign": "sales", "productivity": 0.9}]
    dump["partners"] = [dump["partners"][0] | {"id": name, "certifications": certified} for name in ("casa", "meknes")]
    shared = Case.model_validate(dump)

    requirements = build_requirement(shared, make_forecast(shared, volume={"sales": 10.0})).campaigns

    assert [entry.campaign for entry in requirements].count("sales") == 1
    assert sales(shared, make_forecast, 10.0) == sales(tiny_case, make_forecast, 10.0)


def test_records_of_a_closed_day_wait_for_the_next_open_one(tiny_case: Case, make_forecast: MakeForecast) -> None:
    is_open = open_slots(tiny_case, tiny_case.campaign_by_id["sales"])
    during, before, after = (np.zeros(tiny_case.grid.slots) for _ in range(3))
    during[np.flatnonzero(is_open)[18]] = 500  # Tuesday, first call
    before[48 + 2] = 500  # Tuesday, 01:00
    after[-1] = 500  # Sunday night: no open day is left
    expected = sales(tiny_case, make_forecast, during).items

    assert sales(tiny_case, make_forecast, before).items == expected
    (late,) = sales(tiny_case, make_forecast, after).items
    assert (late.first_slot, late.last_slot, late.work) == (48 * 4 + 18, 48 * 4 + 38, expected[0].work)


def test_a_calling_day_of_25_hours(tiny_case: Case, make_forecast: MakeForecast) -> None:
    """No calling law is known for Belgium: Sunday 2026-10-25 is open around the clock and has 50 half-hours."""
    dump = tiny_case.model_dump()
    dump |= {"first_day": date(2026, 10, 19), "as_of": date(2026, 10, 1)}
    dump["markets"] = [dump["markets"][0] | {"country": "BE", "time_zone": "Europe/Brussels"}]
    hours = next(h for h in dump["opening_hours"] if h["campaign"] == "sales")
    dump["opening_hours"] = [hours | {"weekday": 7, "opens": "00:00", "closes": "00:00"}]
    case = Case.model_validate(dump)

    requirement = sales(case, make_forecast, 10.0)

    # The plan ends at midnight in Rabat, 01:00 in Brussels: the item starts two hours before Rabat's Sunday.
    (item,) = requirement.items
    assert item.last_slot - item.first_slot == 50
    assert item.first_slot == 6 * 48 - 4
    assert sum(requirement.volume) == 500


def test_missing_figures_are_named(tiny_case: Case, make_forecast: MakeForecast, change_campaign: Change) -> None:
    with pytest.raises(WfmError, match=r"sales has reach rate None, .* Give attempts and contacts"):
        sales(tiny_case, make_forecast, 10.0, reach_rate=None)
    with pytest.raises(WfmError, match="sales is outbound but has no attempt_seconds"):
        sales(change_campaign(tiny_case, "sales", attempt_seconds=None), make_forecast, 10.0)


def test_records_of_a_campaign_that_never_opens(tiny_case: Case, make_forecast: MakeForecast) -> None:
    dump = tiny_case.model_dump()
    dump["opening_hours"] = [h for h in dump["opening_hours"] if h["campaign"] != "sales"]
    case = Case.model_validate(dump)

    assert sales(case, make_forecast, 0.0).items == ()
    with pytest.raises(WfmError, match="sales has work but is never open"):
        sales(case, make_forecast, np.ones(case.grid.slots))
