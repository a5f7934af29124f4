"""Second calls: not before the legal delay in elapsed time, never outside legal hours, and within the law's attempts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest

from models.staffing.attempts import dialling
from models.staffing.requirement import build_requirement
from wfm.campaign import LegalBasis
from wfm.case import Case
from wfm.clock import PARIS, zone
from wfm.demand import Forecast
from wfm.errors import WfmError
from wfm.opening import open_slots
from wfm.requirement import CampaignRequirement

MakeForecast = Callable[..., Forecast]
MakeCase = Callable[..., Case]
REACHED = [0.18 * 0.82**before for before in range(4)]
"""Contacts per record of first calls at the first to fourth attempt."""
SIGNED = 0.3


@pytest.fixture
def two_steps(tiny_case: Case) -> MakeCase:
    """`make(basis, first_day=..., days=..., weekdays=..., country=..., **fields of the second campaign)`: campaign signing calls
    30 % of the contacts of sales again, in the same hours, 10:00 to 20:00.
    """

    def make(
        basis: LegalBasis = LegalBasis.CONSENT,
        *,
        first_basis: LegalBasis | None = None,
        first_day: date = date(2026, 12, 7),
        days: int = 7,
        weekdays: tuple[int, ...] = (1, 2, 3, 4, 5),
        country: str = "FR",
        **fields: object,
    ) -> Case:
        dump = tiny_case.model_dump()
        sales = next(c for c in dump["campaigns"] if c["id"] == "sales") | {"legal_basis": first_basis or basis}
        steps = {"id": "signing", "legal_basis": basis, "second_call_of": "sales", "second_call_share": SIGNED}
        hours = next(h for h in dump["opening_hours"] if h["campaign"] == "sales")
        dump |= {
            "as_of": first_day - timedelta(days=14),
            "first_day": first_day,
            "days": days,
            "markets": [dump["markets"][0] | {"country": country}],
            "campaigns": [*(c for c in dump["campaigns"] if c["id"] != "sales"), sales, sales | steps | fields],
            "opening_hours": [
                *(h for h in dump["opening_hours"] if h["campaign"] not in ("sales", "signing")),
                *(hours | {"campaign": c, "weekday": day} for c in ("sales", "signing") for day in weekdays),
            ],
        }
        return Case.model_validate(dump)

    return make


@pytest.fixture
def signing(make_forecast: MakeForecast) -> Callable[..., CampaignRequirement]:
    """`signing(case, {day: records of first calls}, own=volume)`: the requirement of the second calls."""

    def build(case: Case, records: dict[date, float], *, own: object = 1.0) -> CampaignRequirement:
        is_open = open_slots(case, case.campaign_by_id["sales"])
        volume = np.zeros(case.grid.slots)
        for day, count in records.items():
            volume[next(s for s, wall in enumerate(walls(case)) if wall.date() == day and is_open[s])] = count
        forecast = make_forecast(case, volume={"sales": volume, "signing": own}, aht={"sales": 420.0, "signing": 900.0})
        return next(r for r in build_requirement(case, forecast).campaigns if r.campaign == "signing")

    return build


def walls(case: Case) -> list[datetime]:
    return case.grid.walls(zone(PARIS))


def released(case: Case, requirement: CampaignRequirement) -> list[str]:
    """Paris time at which each item may first be worked."""
    return [f"{walls(case)[item.first_slot]:%d %H:%M}" for item in requirement.items]


def half_hours(first: str, last: str) -> list[str]:
    times = [f"{minute // 60:02}:{minute % 60:02}" for minute in range(600, 1200, 30)]
    return [time for time in times if first <= time <= last and not "13:00" <= time < "14:00"]


def test_a_second_call_waits_24_hours_and_for_the_next_legal_opening(two_steps, signing) -> None:
    """First calls on Tuesday 10:00-13:00 and 14:00-20:00. The slot that ends at 13:00 is called at 14:00 on Wednesday, the one
    that ends at 20:00 on Thursday; everything else begins a slot later than the first call a day after it.
    """
    case = two_steps()

    requirement = signing(case, {date(2026, 12, 8): 1000})

    assert released(case, requirement) == [f"09 {time}" for time in half_hours("10:30", "19:30")] + ["10 10:00"]
    ends = {walls(case)[item.last_slot - 1].strftime("%d %H:%M") for item in requirement.items}
    assert ends == {"09 19:30", "10 19:30"}
    a_slot = SIGNED * 1000 * sum(REACHED[:3]) / 18
    assert np.array(requirement.volume)[[item.first_slot for item in requirement.items]] == pytest.approx([a_slot] * 18)
    assert "each 1440 min of elapsed time" in requirement.method


def test_no_delay_for_an_exempt_sale(two_steps, signing) -> None:
    case = two_steps(LegalBasis.CONTRACT_RELATED)

    requirement = signing(case, {date(2026, 12, 8): 1000})

    assert released(case, requirement) == [f"08 {time}" for time in half_hours("10:30", "19:30")] + ["09 10:00"]


@pytest.mark.parametrize("exempt_first", [True, False])
def test_a_sale_is_exempt_only_when_both_calls_are(two_steps, signing, exempt_first: bool) -> None:
    bases = [LegalBasis.CONTRACT_RELATED, LegalBasis.CONSENT]
    first, second = bases if exempt_first else bases[::-1]
    case = two_steps(second, first_basis=first)

    assert released(case, signing(case, {date(2026, 12, 8): 1000}))[0] == "09 10:30"


def test_the_law_of_the_day_of_the_documents(two_steps, signing) -> None:
    """The 24 hours hold from 2022-04-01, a Friday."""
    case = two_steps(first_day=date(2022, 3, 28), weekdays=(1, 2, 3, 4, 5, 6, 7))

    before = released(case, signing(case, {date(2022, 3, 31): 1000}))
    after = released(case, signing(case, {date(2022, 4, 1): 1000}))

    assert (before[0], before[-1]) == ("31 10:30", "01 10:00")
    assert (after[0], after[-1]) == ("02 10:30", "03 10:00")


def test_the_delay_is_elapsed_time_over_a_clock_change(two_steps, signing) -> None:
    """Before 2023-03-01 weekends were legal. Paris put its clock back on Sunday 2022-10-30: 24 hours after Saturday 20:00 it is
    Sunday 19:00, and nothing is left for the next Saturday.
    """
    case = two_steps(first_day=date(2022, 10, 24), weekdays=(6, 7))

    requirement = signing(case, {date(2022, 10, 29): 1000})

    times = [f"{minute // 60:02}:{minute % 60:02}" for minute in range(600, 1170, 30)]
    assert released(case, requirement) == ["29 10:00", *(f"30 {time}" for time in times)]
    counts = np.array(requirement.volume)[[item.first_slot for item in requirement.items]]
    a_slot = SIGNED * 1000 * sum(REACHED) / 20
    assert counts[0] == pytest.approx(a_slot)  # of the Saturday before, which had its 24 hours when Sunday closed
    assert counts[1] == pytest.approx(2 * a_slot)  # the first calls until 11:00 wait until 10:00
    assert sum(counts[1:]) == pytest.approx(SIGNED * 1000 * sum(REACHED))


def test_over_the_clock_change_of_2026_10_25(two_steps, signing) -> None:
    """Friday's first calls are followed on Monday from 10:00 Paris: 08:00 Rabat before the change, 09:00 after it."""
    case = two_steps(first_day=date(2026, 10, 19), days=14)
    rabat = case.grid.walls(case.home_zone)

    requirement = signing(case, {date(2026, 10, 23): 1000, date(2026, 10, 26): 1000})

    first, second, third = (requirement.items[index] for index in (0, 1, 2))
    assert [rabat[item.first_slot].strftime("%m-%d %H:%M") for item in (first, second, third)] == [
        "10-19 08:00",  # of the Friday before the plan
        "10-26 09:00",
        "10-27 09:30",
    ]


def test_first_calls_before_the_plan_and_second_calls_after_it(two_steps, signing) -> None:
    """Friday's second calls fall on the Monday after the plan; those of the Friday before fall on its first Monday."""
    case = two_steps()

    requirement = signing(case, {date(2026, 12, 11): 1000})

    (item,) = requirement.items
    assert released(case, requirement) == ["07 10:00"]
    record = SIGNED * 1000
    assert sum(requirement.volume) == pytest.approx(record * sum(REACHED[:3]))
    assert f"{record * sum(REACHED):.1f} fall after the plan" in requirement.method
    assert item.work > 0


def test_no_second_call_falls_on_a_french_holiday(two_steps, signing) -> None:
    """First calls of Tuesday 2026-11-10 are followed on Thursday: Wednesday is Armistice Day."""
    case = two_steps(first_day=date(2026, 11, 9))

    assert released(case, signing(case, {date(2026, 11, 10): 1000})) == ["12 10:00"]


def test_the_attempts_of_both_calls_count_together(two_steps, signing) -> None:
    """Reached at attempt k, 4 - k are left; no calling law is known for Belgium, so its second calls have all four."""
    french, belgian = two_steps(), two_steps(country="BE")
    records = {date(2026, 12, 8): 1000.0}

    def work(left: list[int]) -> float:
        seconds = 0.0
        for reached, most in zip(REACHED, left, strict=True):
            record = dialling(0.18, most)
            seconds += SIGNED * 1000 * reached * (record.attempts * 45 + record.contacts * 900)
        return seconds / 0.85 / 1800 * 1000

    assert signing(french, records).work == pytest.approx(work([3, 2, 1, 0]), abs=1)
    assert signing(belgian, records).work == pytest.approx(work([4, 4, 4, 4]), abs=1)
    assert f"{SIGNED * 1000 * REACHED[3]:.1f} not called" in signing(french, records).method
    assert signing(two_steps(max_attempts=1), records).work == pytest.approx(work([1, 1, 1, 0]), abs=1)


def test_the_own_volume_is_ignored_and_items_are_in_order(two_steps, signing) -> None:
    case = two_steps(days=28)
    records = {date(2026, 12, 7) + timedelta(days=day): 100.0 + day for day in range(25) if day % 7 < 5 and day != 18}
    requirement = signing(case, records)

    assert requirement == signing(case, records, own=7.0)
    is_open = open_slots(case, case.campaign_by_id["signing"])
    for earlier, later in pairwise(requirement.items):
        assert earlier.first_slot < later.first_slot
        assert earlier.last_slot <= later.last_slot
    for item in requirement.items:
        assert is_open[item.first_slot]
        assert is_open[item.last_slot - 1]
        assert walls(case)[item.first_slot].date() == walls(case)[item.last_slot - 1].date()
    assert not np.array(requirement.net_agents)[~is_open].any()


def test_nobody_to_call_again(two_steps, signing) -> None:
    assert signing(two_steps(), {}).items == ()


def test_what_cannot_be_planned_is_said(two_steps, signing) -> None:
    records = {date(2026, 12, 8): 1000.0}
    for first in ("service", "signing", "unknown"):
        with pytest.raises(WfmError, match=f"second calls of {first}: both must be outbound"):
            signing(two_steps(second_call_of=first), records)
    with pytest.raises(WfmError, match="has no second_call_share"):
        signing(two_steps(second_call_share=None), records)
    with pytest.raises(WfmError, match="signing has second calls in slots without a handling time"):
        signing(two_steps(), records, own=0.0)
    case = two_steps()
    closed = [hours for hours in case.opening_hours if hours.campaign != "signing"]
    with pytest.raises(WfmError, match="signing has work but is never open"):
        signing(Case.model_validate(case.model_dump() | {"opening_hours": closed}), records)
