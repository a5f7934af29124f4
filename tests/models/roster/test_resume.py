"""A plan and back: the optimiser's own terms hold what the plan says, to the cent."""

from models.roster.compile import compile_problem
from models.roster.objective import total_cents
from models.roster.resume import state_of
from models.roster.solve import solve
from models.roster.state import build_model
from models.roster.watch import Limits
from wfm.costs import bill


def test_a_plan_made_by_hand_costs_the_same(tiny_case, tiny_requirement, tiny_plan):
    model = build_model(compile_problem(tiny_case, tiny_requirement))
    state = state_of(model, tiny_plan.shifts, tiny_plan.purchases)
    assert total_cents(model.problem, model.items, state) == tiny_plan.bill.total_cents


def test_a_plan_of_the_optimiser_costs_the_same_under_the_law(law_case, usual_work):
    """Overtime, rest days and holidays are paid."""
    for case in (law_case(0), law_case(1)):
        requirement = usual_work(case, 700)
        model = build_model(compile_problem(case, requirement))
        result = solve(case, requirement, limits=Limits(600.0, 40), seed=1, workers=1)
        state = state_of(model, result.shifts, result.purchases)
        costs = bill(case, requirement, result.shifts, result.purchases)
        assert total_cents(model.problem, model.items, state) == result.cost_cents == costs.total_cents


def test_what_the_problem_does_not_offer_is_told(tiny_case, tiny_requirement, tiny_plan):
    model = build_model(compile_problem(tiny_case, tiny_requirement))
    first, *others = tiny_plan.shifts
    moved = first.model_copy(
        update={
            "segments": tuple(part.model_copy(update={"first_slot": part.first_slot + 8}) for part in first.segments)
        }
    )
    assert state_of(model, [moved, *others], tiny_plan.purchases) is None
    unknown = tiny_plan.purchases[0].model_copy(update={"shift": "night"})
    assert state_of(model, tiny_plan.shifts, [unknown]) is None
