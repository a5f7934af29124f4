"""Credit for agents who help other campaigns: bounds by hand, and rounds against an optimiser by hand."""

from __future__ import annotations

import numpy as np
import pytest

from models.pooled import TOLERANCE, plan_pooled
from models.staffing.erlang import fractional_agents
from models.staffing.pooling import credited, most_credit, pools
from models.staffing.requirement import build_requirement
from wfm.case import Case
from wfm.demand import Forecast
from wfm.opening import open_slots


@pytest.fixture(scope="module")
def case(tiny_case) -> Case:
    """Two lines of the same hours and 24 agents who know both; nobody is missing."""
    dump = tiny_case.model_dump()
    service = dump["campaigns"][0] | {"max_occupancy": 1.0}
    lines = [service | {"id": name, "name": name, "skill": name} for name in ("one", "two")]
    agent = dump["agents"][0]
    people = [agent | {"id": f"B{i:02d}", "skills": {"one": 2, "two": 2}} for i in range(24)]
    hours = [
        entry | {"campaign": name}
        for name in ("one", "two")
        for entry in dump["opening_hours"]
        if entry["campaign"] == "service"
    ]
    site = dump["sites"][0] | {"unplanned_shrinkage": 0.0}
    return Case.model_validate(
        dump | {"campaigns": lines, "agents": people, "opening_hours": hours, "sites": [site], "partners": []}
    )


@pytest.fixture(scope="module")
def forecast(case, make_forecast) -> Forecast:
    return make_forecast(case, volume={"one": 24.0, "two": 24.0}, aht={"one": 300.0, "two": 300.0})


@pytest.fixture(scope="module")
def requirement(case, forecast):
    return build_requirement(case, forecast)


def test_campaigns_that_agents_join_are_a_pool(case, tiny_case):
    assert pools(case) == [["one", "two"]]
    assert pools(tiny_case) == []


def test_the_most_credit_is_that_of_one_queue(case, forecast, requirement):
    slot = int(np.flatnonzero(open_slots(case, case.campaigns[0]))[8])
    together = float(fractional_agents(8.0, 300, 0.8, 20, patience_seconds=120).agents)

    credit = most_credit(case, forecast, requirement)

    alone = requirement.campaigns[0].net_agents[slot]
    assert credit["one"][slot] == pytest.approx(alone - together / 2, abs=2e-3)
    assert credit["one"][slot] == pytest.approx(credit["two"][slot])
    assert credit["one"][slot] > 0.5


def test_credit_is_taken_off_the_work(case, forecast, requirement):
    most = most_credit(case, forecast, requirement)

    less = credited(requirement, most, {"one": 0.5, "two": -0.25})

    for before, after, share in zip(requirement.campaigns, less.campaigns, (0.5, -0.25), strict=True):
        taken = np.array(before.net_agents) - np.array(after.net_agents)
        assert taken == pytest.approx(share * most[before.campaign], abs=1e-3)
        assert after.pooling_credit == pytest.approx(taken)
        assert after.work == sum(item.work for item in after.items)
        assert "confirmed by simulation" in after.method


def test_no_campaign_pays_for_the_credit(case, forecast, requirement, make_plan, make_shift):
    """By hand: as many agents on each line, morning to evening, as its busiest half-hour needs."""

    def planner(wanted):
        shifts, agent = [], 0
        for entry in wanted.campaigns:
            for _ in range(round(max(entry.net_agents) + 0.49)):
                shifts += [make_shift(f"B{agent:02d}", day, 8, (entry.campaign, 18)) for day in range(5)]
                agent += 1
        plan = make_plan(case, shifts, requirement=wanted)
        bill = plan.bill.model_copy(update={"total_cents": 1000 * len(shifts)})
        return plan.model_copy(update={"bill": bill})

    found = plan_pooled(case, forecast, requirement, planner, seed=1)

    alone = planner(requirement)
    assert len(found.plan.shifts) < len(alone.shifts)
    assert min(found.share.values()) > 0
    assert min(found.surplus.values()) >= -TOLERANCE
    assert found.plan.requirement_hash == found.requirement.content_hash()
    assert "agents fewer on average" in found.told


def test_a_refused_credit_is_told(case, forecast, requirement, make_plan, make_shift):
    """An optimiser that answers any credit with nobody on the second line: no round can be kept."""

    def planner(wanted):
        shifts, agent = [], 0
        for entry in wanted.campaigns:
            if wanted is not requirement and entry.campaign == "two":
                continue
            for _ in range(round(max(entry.net_agents) + 0.49)):
                shifts += [make_shift(f"B{agent:02d}", day, 8, (entry.campaign, 18)) for day in range(5)]
                agent += 1
        return make_plan(case, shifts, requirement=wanted)

    found = plan_pooled(case, forecast, requirement, planner, seed=1)

    assert found.requirement is requirement
    assert found.told.startswith("no credit for idle agents who help out: simulation refused it (")
    assert found.told.count("below its floor") == 3


def test_a_stop_is_told(case, forecast, requirement, make_plan):
    found = plan_pooled(
        case, forecast, requirement, lambda wanted: make_plan(case, [], requirement=wanted), stop=lambda: True
    )

    assert found.requirement is requirement
    assert "stopped before" in found.told
