"""Rosters from shift counts of pyworkforce, for comparison (`benchmarks.practices`).

Of the whole problem pyworkforce states this part: how many people to put on each shift of each day so that their number differs
least from the agents wanted per half-hour (`MinAbsDifference`), for one campaign, whose agents know nothing else. It is asked
that for each campaign and its team, with every break in the middle of its window. It knows no purchases, skills and costs, nor
who is there: its counts may ask for more hours than the team may work. `MinHoursRoster`, which names people for counts, has a
least but no most of hours, one for all contracts, and gives nothing unless every count is met. Hence who takes which of the
shifts asked for is found here, lawfully and so that the counts are met for as much work as can be.
"""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from benchmarks.plain_cp_sat import Terms, add_tour, at_work, solved, take
from models.roster.compile import compile_problem
from models.roster.extract import shifts_of
from models.roster.problem import Floats, Ints, Problem
from models.roster.state import IDLE, Model, build_model, empty_state
from wfm.case import Case
from wfm.plan import Shift
from wfm.requirement import MILLI, Requirement

PEER = """
import json, sys
from pyworkforce.scheduling import MinAbsDifference
print(json.dumps(MinAbsDifference(**json.load(sys.stdin)).solve()["resources_shifts"]))
"""

Counts = dict[tuple[int, int, str], int]
"""People wanted per campaign, day and name of shift."""


def rosters(
    python: str, case: Case, requirement: Requirement, teams: dict[str, str], seconds: float, workers: int
) -> tuple[Shift, ...] | None:
    """Shifts of the agents of each campaign's team (campaign by agent), half of the time for the counts and half for who takes
    them; None where either finds nothing.
    """
    model = build_model(compile_problem(case, requirement))
    problem = model.problem
    number = {entry.id: q for q, entry in enumerate(case.campaigns)}
    team = np.array([number[teams[agent.id]] if agent.id in teams else -1 for agent in case.agents])
    wanted = {entry.campaign: np.array(entry.net_agents) for entry in requirement.campaigns}
    counts: Counts = {}
    for entry in case.campaigns:
        members = np.flatnonzero(team == number[entry.id])
        if not len(members):
            continue
        asked = question(problem, members, wanted[entry.id] * (1 - entry.min_partner_share))
        limits = {"max_search_time": seconds / 2 / problem.campaigns, "num_search_workers": workers}
        for row in _answer(python, asked | limits):
            if row["day"] < 0:  # their way to say that there is none
                return None
            counts[number[entry.id], row["day"], row["shift"]] = row["resources"]
    return assigned(model, team, counts, seconds / 2, workers)


def question(problem: Problem, members: Ints, wanted: Floats) -> dict[str, Any]:
    """What `MinAbsDifference` is asked: the shifts that any of `members` may take, and the people wanted for so many productive
    agents per slot, of whom there are no more than members.
    """
    first, names = _first_slots(problem), _names(problem)
    periods = int(np.diff(first).max())
    coverage: dict[str, list[int]] = {}
    for option in np.flatnonzero(problem.staff.allowed[members].any(axis=0)):
        begin = first[problem.options.day[option]]
        coverage[names[option]] = _padded(at_work(problem, option)[begin : begin + periods], periods)
    people = np.rint(wanted * MILLI / problem.staff.effect[members].mean()).astype(np.int64)
    return {
        "num_days": problem.days,
        "periods": periods,
        "shifts_coverage": coverage,
        "required_resources": [_padded(np.minimum(people[a:b], len(members)), periods) for a, b in pairwise(first)],
        "max_period_concurrency": len(members),
        "max_shift_concurrency": len(members),
    }


def _answer(python: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows of day, shift and resources."""
    done = subprocess.run([python, "-c", PEER], input=json.dumps(asked), capture_output=True, text=True, check=False)  # noqa: S603 - a Python of the user's choice
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        sys.exit(
            f"benchmarks/practices.py: pyworkforce did not run in {python}: {last}. Give --peer a Python that has it."
        )
    rows: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return rows


def assigned(model: Model, team: Ints, counts: Counts, seconds: float, workers: int) -> tuple[Shift, ...] | None:
    """Lawful shifts of the agents, at most as many as `counts` of each, worth most at the price of work left undone. `team`:
    campaign of every agent, -1 for none.
    """
    problem, names = model.problem, _names(model.problem)
    works = np.array([at_work(problem, option) for option in range(len(problem.options.day))])
    cp, cost, takers = cp_model.CpModel(), list[Any](), dict[tuple[int, int, str], Terms]()
    tours = []
    for agent, q in enumerate(team.tolist()):
        allowed = np.flatnonzero(problem.staff.allowed[agent])
        places = {int(o): (q, int(problem.options.day[o]), names[o]) for o in allowed}
        taken, cents = add_tour(cp, problem, agent, [o for o, place in places.items() if counts.get(place)])
        cost += cents
        for o, literal in taken.items():
            hours = (works[o] & problem.open[q]).sum() * problem.slot_minutes / 60
            cost.append(-round(hours * problem.shortage_rate[q] * problem.staff.effect[agent] / MILLI) * literal)
            takers.setdefault(places[o], []).append(literal)
        tours.append(taken)
    for place, literals in takers.items():
        cp.add(sum(literals) <= counts[place])
    cp.minimize(sum(cost))
    solver = solved(cp, seconds, workers)
    if solver is None:
        return None
    state = empty_state(problem, model.items)
    for agent, taken in enumerate(tours):
        for o, literal in taken.items():
            if solver.boolean_value(literal):
                take(problem, state, agent, o, works[o])
        state.activity[agent, (state.activity[agent] == IDLE) & problem.open[team[agent]]] = team[agent]
    return shifts_of(problem, state)


def _names(problem: Problem) -> list[str]:
    """A name per option, the same for a shift of the same pattern and hour on every day."""
    options, patterns = problem.options, problem.case.shift_patterns
    after = options.start - _first_slots(problem)[options.day]
    return [f"{patterns[pattern].id} {slots}" for pattern, slots in zip(options.pattern, after, strict=True)]


def _first_slots(problem: Problem) -> Ints:
    case = problem.case
    return np.asarray(case.grid.day_first_slots(case.first_day, case.days, case.home_zone), dtype=np.int64)


def _padded(values: Any, length: int) -> list[int]:
    """As whole numbers, with zeros up to a length."""
    return [int(value) for value in values] + [0] * (length - len(values))
