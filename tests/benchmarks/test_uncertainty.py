"""Each aim takes the plan that is best by its own measure."""

from dataclasses import replace

import pytest

from benchmarks.uncertainty import best_for
from models.roster.solve import Limits, solve


@pytest.fixture
def results(tiny_case, tiny_requirement, tiny_plan):
    found = solve(tiny_case, tiny_requirement, limits=Limits(600.0, 5), seed=0, workers=1)
    return {
        "nobody": replace(found, shifts=(), purchases=()),
        "all": replace(found, shifts=tiny_plan.shifts, purchases=tiny_plan.purchases),
    }


def test_the_best_plan_depends_on_the_work(tiny_case, tiny_requirement, results):
    nothing = [entry.model_copy(update={"items": ()}) for entry in tiny_requirement.campaigns]
    without_work = tiny_requirement.model_copy(update={"campaigns": tuple(nothing)})

    assert best_for(tiny_case, tiny_requirement, results) == "all"
    assert best_for(tiny_case, without_work, results) == "nobody"
