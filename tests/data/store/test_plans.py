"""Nothing is stored unchecked."""

import pytest

from data.store.cases import add_case
from data.store.jobs import add_job
from data.store.plans import add_plan, find_plan, find_plan_of_job, list_plans
from data.store.tables import StoredPlan
from wfm.plan import Plan


@pytest.fixture
def keep(store, tiny_case, tiny_forecast, tiny_requirement):
    """Stores a plan as the answer to a new job."""
    with store.write() as session:
        case_id = add_case(session, tiny_case, {})[0].id

    def keep(plan: Plan):
        with store.write() as session:
            job = add_job(session, case_id, {}, None)
            return add_plan(
                session, job, forecast=tiny_forecast, requirement=tiny_requirement, plan=plan, seconds={"plan": 0.5}
            )

    return keep


def test_a_legal_plan_comes_back_as_it_was(store, keep, tiny_plan):
    kept = keep(tiny_plan)
    assert isinstance(kept, StoredPlan)
    with store.read() as session:
        again = find_plan(session, kept.id)
        assert Plan.from_json(again.plan) == tiny_plan
        assert (again.cost_cents, again.seconds) == (tiny_plan.certificate.cost_cents, {"plan": 0.5})
        assert find_plan_of_job(session, kept.job_id) is again
        assert list_plans(session, 5) == [again]


def test_a_plan_of_another_case_is_not_kept(store, keep, tiny_plan):
    violations = keep(tiny_plan.model_copy(update={"case_hash": "0" * 64}))
    assert [violation.rule for violation in violations] == ["HASH"]
    with store.read() as session:
        assert list_plans(session, 5) == []


def test_a_plan_with_a_shift_too_many_is_not_kept(store, keep, tiny_case, tiny_plan, make_plan):
    doubled = make_plan(tiny_case, [*tiny_plan.shifts, tiny_plan.shifts[0]], tiny_plan.purchases)
    assert {violation.rule for violation in keep(doubled)}
    with store.read() as session:
        assert list_plans(session, 5) == []
