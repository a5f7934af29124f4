from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from models.staffing.requirement import build_requirement
from wfm.case import Case
from wfm.demand import Forecast
from wfm.errors import WfmError
from wfm.opening import open_slots
from wfm.requirement import CampaignRequirement

MakeForecast = Callable[..., Forecast]
Change = Callable[..., Case]


def mail(case: Case, make: MakeForecast, volume: object) -> CampaignRequirement:
    forecast = make(case, volume={"mail": volume}, aht={"mail": 459.0})
    return next(r for r in build_requirement(case, forecast).campaigns if r.campaign == "mail")


def test_half_days_by_hand(tiny_case: Case, make_forecast: MakeForecast) -> None:
    """10 mails of 459 s a half-hour are 4,590 s of work, 5,400 s at 85 %: 3 agents. 09:00-18:00 Paris is 08:00-17:00 Rabat;
    noon splits it into 6 and 12 half-hours; due 24 hours later, at the latest at the end of the week.
    """
    requirement = mail(tiny_case, make_forecast, 10.0)

    expected = []
    for day in range(5):
        morning, noon = 48 * day + 16, 48 * day + 22
        expected += [(morning, morning + 48, 18_000), (noon, noon + 48, 36_000)]
    assert [(i.first_slot, i.last_slot, i.work) for i in requirement.items] == expected
    assert sum(requirement.net_agents) == pytest.approx(270)


def test_deadlines_beyond_the_plan_are_due_at_its_end(
    tiny_case: Case, make_forecast: MakeForecast, change_campaign: Change
) -> None:
    requirement = mail(change_campaign(tiny_case, "mail", deadline_hours=96), make_forecast, 10.0)

    assert requirement.items[-1].last_slot == tiny_case.grid.slots
    assert requirement.work == 270_000


def test_a_batch_is_never_longer_than_the_deadline(
    tiny_case: Case, make_forecast: MakeForecast, change_campaign: Change
) -> None:
    requirement = mail(change_campaign(tiny_case, "mail", deadline_hours=1), make_forecast, 10.0)

    assert len(requirement.items) == 5 * 9
    assert all((i.last_slot - i.first_slot, i.work) == (2, 6000) for i in requirement.items)


@pytest.mark.parametrize("hours", [0.5, 1.25, 4, 24, 48, 300])
def test_items_are_sorted_workable_and_complete(
    hours: float, tiny_case: Case, make_forecast: MakeForecast, change_campaign: Change
) -> None:
    case = change_campaign(tiny_case, "mail", deadline_hours=hours)
    is_open = open_slots(case, case.campaign_by_id["mail"])
    volume = np.random.default_rng(7).gamma(1.0, 3.0, case.grid.slots)  # arrivals around the clock, closed days too

    requirement = mail(case, make_forecast, volume)

    firsts, lasts = ([getattr(i, side) for i in requirement.items] for side in ("first_slot", "last_slot"))
    assert firsts == sorted(firsts)
    assert lasts == sorted(lasts)
    assert all(is_open[i.first_slot : i.last_slot].any() for i in requirement.items)
    assert requirement.work == round(volume.sum() * 459 / 0.85 / 1800 * 1000)
    assert sum(requirement.net_agents) == pytest.approx(requirement.work / 1000)
    assert not np.array(requirement.net_agents)[~is_open].any()


def test_mail_of_the_night_counts_from_the_next_opening(tiny_case: Case, make_forecast: MakeForecast) -> None:
    volume = np.zeros(tiny_case.grid.slots)
    volume[40] = 20  # Monday evening

    (item,) = mail(tiny_case, make_forecast, volume).items

    assert (item.first_slot, item.last_slot, item.work) == (48 + 16, 96 + 16, 6000)


def test_deadlines_are_elapsed_hours_on_a_25_hour_day(tiny_case: Case, make_forecast: MakeForecast) -> None:
    dump = tiny_case.model_dump()
    dump |= {"first_day": date(2026, 10, 19), "as_of": date(2026, 10, 1)}
    hours = next(h for h in dump["opening_hours"] if h["campaign"] == "mail")
    dump["opening_hours"] = [hours | {"weekday": day, "opens": "00:00", "closes": "00:00"} for day in range(1, 8)]
    case = Case.model_validate(dump)

    requirement = mail(case, make_forecast, 10.0)

    sunday = [i for i in requirement.items if i.first_slot >= 6 * 48 - 4]
    # Sunday's morning has 26 half-hours, its afternoon 24; the plan ends at 01:00 of Paris' Monday.
    assert [(i.first_slot, i.work) for i in sunday] == [(284, 26 * 3000), (310, 24 * 3000), (334, 2 * 3000)]
    assert all(i.last_slot == min(i.first_slot + 48, case.grid.slots) for i in requirement.items)


def test_a_missing_deadline_is_named(tiny_case: Case, make_forecast: MakeForecast, change_campaign: Change) -> None:
    with pytest.raises(WfmError, match="mail is deferrable but has no deadline_hours"):
        mail(change_campaign(tiny_case, "mail", deadline_hours=None), make_forecast, 10.0)
