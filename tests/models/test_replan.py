"""Planning again: what changed is dealt with, and little else is changed."""

from __future__ import annotations

import pytest

from data.generate.case import generate_case
from data.ingest.case import read_case
from models.chain import run
from models.replan import changed_days, closest, replan
from models.result import Base
from wfm.agent import Absence, AbsenceKind
from wfm.check import check_plan
from wfm.clock import day_start

LIMITS = {"time_limit": 60.0, "rounds": 20, "workers": 1}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("replan") / "case"
    generate_case("S", 1, folder)
    return read_case(folder)


@pytest.fixture(scope="module")
def base(loaded):
    return run(loaded.case, loaded.histories, seed=1, **LIMITS).plan


@pytest.fixture(scope="module")
def ill(loaded, base):
    """The case in which the agent of the base plan's first shift is ill on that day."""
    shift = base.shifts[0]
    start = day_start(shift.day, loaded.case.home_zone)
    end = day_start(shift.day.replace(day=shift.day.day + 1), loaded.case.home_zone)
    absence = Absence(agent=shift.agent, start=start, end=end, kind=AbsenceKind.MEDICAL, whole_day=True)
    return loaded.case.model_copy(update={"absences": (*loaded.case.absences, absence)})


@pytest.fixture(scope="module")
def anew(loaded, ill):
    """The case planned as if there were no base."""
    return run(ill, loaded.histories, seed=2, **LIMITS)


def test_nothing_changes_where_nothing_is_worth_it(loaded, base, ill, anew):
    """The agent who is ill loses one day, which is a change that nobody can avoid."""
    plan = closest(ill, anew.requirement, anew.plan, Base(base, 10**9))
    assert changed_days(base, plan) == 1
    assert check_plan(ill, anew.requirement, plan) == []
    assert plan.certificate.bound_cents == anew.plan.certificate.bound_cents


def test_more_is_changed_where_changes_cost_less(base, ill, anew):
    plans = {price: closest(ill, anew.requirement, anew.plan, Base(base, price)) for price in (0, 2_000, 10**9)}
    changed = {price: changed_days(base, plan) for price, plan in plans.items()}
    costs = {price: plan.bill.total_cents for price, plan in plans.items()}
    assert changed[0] >= changed[2_000] >= changed[10**9]
    assert costs[0] <= costs[2_000] <= costs[10**9]
    assert changed[0] > changed[10**9]
    for price, plan in plans.items():
        assert check_plan(ill, anew.requirement, plan) == []
        assert costs[price] + price * changed[price] <= costs[10**9] + price * changed[10**9]
        assert costs[price] + price * changed[price] <= anew.plan.bill.total_cents + price * changed_days(
            base, anew.plan
        )


def test_the_chain_plans_again(loaded, base, ill):
    made = replan(ill, loaded.histories, base=Base(base, 10**9), seed=2, **LIMITS)
    assert made.violations == []
    assert changed_days(base, made.plan) == 1
    assert made.plan.case_hash == ill.content_hash()
