"""Nothing is stored unchecked."""

from data.store.plans import find_plan, find_plan_of_job, list_plans
from data.store.tables import StoredPlan
from wfm.plan import Plan


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
