"""Comparisons of the whole planner: each plan is lawful and costs what the bill says, whoever made it."""

import sys
from functools import partial

import numpy as np
import pytest

from benchmarks import pyworkforce_roster
from benchmarks.plain_cp_sat import PlainModel
from benchmarks.practices import Budget, compare, pyworkforce, summarise
from benchmarks.pyworkforce_roster import assigned, question, rosters
from models.chain import assemble
from models.roster.compile import compile_problem
from models.roster.solve import Limits, solve
from models.roster.state import build_model
from wfm.check import check_plan

SERVICE, SALES = 0, 1
EIGHT = "day 16"
"""The shift that starts at 08:00 on Rabat's clock, in half-hours of the day."""


@pytest.fixture
def problem(tiny_case, tiny_requirement):
    return compile_problem(tiny_case, tiny_requirement)


def by_rounds(case, requirement, budget):
    return solve(case, requirement, limits=Limits(600.0, 20), seed=0, workers=budget.workers)


def test_the_plain_model_makes_lawful_plans_and_counts_their_cost_as_the_bill_does(tiny_case, tiny_requirement):
    result = PlainModel(tiny_case, tiny_requirement).solve(5.0, 1)
    plan = assemble(tiny_case, tiny_requirement, result, seed=0)

    assert plan.shifts
    assert check_plan(tiny_case, tiny_requirement, plan) == []
    assert plan.bill.total_cents == result.cost_cents
    assert result.cost_cents >= by_rounds(tiny_case, tiny_requirement, Budget(600.0, 1)).bound.cents


def test_pyworkforce_is_asked_for_whole_people_on_shifts_with_their_breaks(problem, tiny_requirement):
    asked = question(problem, np.array([0, 1]), np.array(tiny_requirement.campaigns[SERVICE].net_agents))

    assert (asked["num_days"], asked["periods"]) == (7, 48)
    assert asked["shifts_coverage"][EIGHT] == [*[0] * 16, *[1] * 7, 0, 0, *[1] * 7, *[0] * 16]
    # 2.5 productive agents are 3 at a shrinkage of 10 %, of whom the team has two.
    assert asked["required_resources"][0] == [*[0] * 16, *[2] * 18, *[0] * 14]
    assert sum(asked["required_resources"][5]) == 0


def test_shifts_asked_for_are_taken_as_far_as_there_are_agents(tiny_case, problem):
    until_six = "day 20"  # the service closes an hour before
    counts = {(SERVICE, day, until_six): 3 if day == 0 else 1 for day in range(5)}

    shifts = assigned(build_model(problem), np.array([SERVICE, SERVICE, SALES]), counts, 10.0, 1)

    days = [(shift.day - tiny_case.first_day).days for shift in shifts]
    assert [days.count(day) for day in range(7)] == [2, 1, 1, 1, 1, 0, 0]
    assert {shift.agent for shift in shifts} == {"A1", "A2"}
    assert {segment.activity for shift in shifts for segment in shift.segments} == {"service", "break:lunch", "idle"}


def test_rosters_of_counts_are_judged_under_the_whole_case(tiny_case, tiny_requirement, monkeypatch):
    rows = [{"day": day, "shift": EIGHT, "resources": 1} for day in range(5)]
    monkeypatch.setattr(pyworkforce_roster, "_answer", lambda python, asked: rows)
    practices = {"joint": by_rounds, "pyworkforce": partial(pyworkforce, "python")}

    judged = compare(practices, tiny_case, tiny_requirement, Budget(4.0, 1), seed=1)

    assert [(row["practice"], row["violations"]) for row in judged] == [("joint", []), ("pyworkforce", [])]
    saved = 1 - judged[0]["cost"] / judged[1]["cost"]
    found = summarise(judged)
    assert list(found) == ["pyworkforce"]
    assert found["pyworkforce"]["cases"] == 1
    assert found["pyworkforce"]["saved_least"] == found["pyworkforce"]["saved_most"] == pytest.approx(saved, abs=1e-5)


def test_without_counts_there_is_no_roster(tiny_case, tiny_requirement, monkeypatch):
    none = [{"day": -1, "shift": "Unknown", "resources": -1}]
    monkeypatch.setattr(pyworkforce_roster, "_answer", lambda python, asked: none)

    assert rosters("python", tiny_case, tiny_requirement, {"A1": "service"}, 1.0, 1) is None


def test_a_python_without_pyworkforce_is_named(tiny_case, tiny_requirement):
    with pytest.raises(SystemExit, match="Give --peer a Python that has it"):
        rosters(sys.executable, tiny_case, tiny_requirement, {"A1": "service"}, 1.0, 1)
