"""Plans under the whole law: holidays, rest days, nights, both regimes, Ramadan."""

from __future__ import annotations

import pytest

from wfm.check import check_plan


@pytest.mark.parametrize("seed", range(12))
def test_plans_are_legal_and_cost_what_the_bill_says(seed, law_case, usual_work, plan_of):
    case = law_case(seed)
    requirement = usual_work(case, 2500)

    plan, result = plan_of(case, requirement)

    assert check_plan(case, requirement, plan) == []
    assert result.cost_cents == plan.bill.total_cents
    assert result.bound.cents <= result.cost_cents
