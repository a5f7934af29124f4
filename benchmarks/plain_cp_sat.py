"""The joint problem as a plain CP-SAT model, as one would write it from the description: for comparison (`benchmarks.practices`).

A literal per agent and shift that the agent may take, with every break in the middle of its window; agents of equal skills are
counted per campaign and half-hour; work items, purchases, seats, shares and tariffs are linear rows. Overtime costs its mean
price a slot. All of it is legal by the case's rules, but for campaigns with min_activity_minutes; its cost is the bill of the
plan, like that of every other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from time import monotonic

import numpy as np
from ortools.sat.python import cp_model

from models.roster.activity import masses
from models.roster.bound import wages_alone
from models.roster.compile import compile_problem
from models.roster.construct import recount_all
from models.roster.extract import purchases_of, shifts_of
from models.roster.objective import total_cents
from models.roster.problem import NO_CAP, Bools, Ints, Problem
from models.roster.relaxation import open_slots_of_offers
from models.roster.settle import settle_agents
from models.roster.state import BREAK, IDLE, Model, State, build_model, empty_state
from models.roster.watch import Result
from wfm.case import Case
from wfm.partner import Partner, TierMode
from wfm.plan import Status, StopReason
from wfm.requirement import MILLI, Requirement

Terms = list[cp_model.LinearExprT]


class PlainModel:
    """Variables and rows; `solve` gives the best plan found in so many seconds, building included."""

    def __init__(self, case: Case, requirement: Requirement) -> None:
        self._begun = monotonic()
        self._model: Model = build_model(compile_problem(case, requirement))
        problem = self._model.problem
        self._cp = cp_model.CpModel()
        self._works = np.array([at_work(problem, option) for option in range(len(problem.options.day))])
        self._capacity: dict[tuple[int, int], Terms] = {}
        self._heads: dict[tuple[int, int], Terms] = {}
        self._cost: Terms = []
        self._shifts = []
        for agent in range(problem.agents):
            taken, cents = add_tour(self._cp, problem, agent, np.flatnonzero(problem.staff.allowed[agent]).tolist())
            self._shifts.append(taken)
            self._cost += cents
        self._counts = self._activities()
        self._blocks = self._purchases()
        self._demand()
        self._cp.minimize(sum(self._cost))

    def _activities(self) -> dict[tuple[int, int, int], cp_model.IntVar]:
        """Agents of each skill set on each campaign and slot."""
        problem = self._model.problem
        skills, effects, of_agent = masses(problem)
        counts = {}
        for mass, slot, members in self._at_work(of_agent):
            doing = []
            for q in np.flatnonzero(skills[mass] & problem.open[:, slot]):
                count = self._cp.new_int_var(0, len(members), "")
                counts[mass, int(q), slot] = count
                self._capacity.setdefault((int(q), slot), []).append(int(effects[mass]) * count)
                self._heads.setdefault((int(q), slot), []).append(count)
                doing.append(count)
            self._cp.add(sum(doing) <= sum(members))
        return counts

    def _at_work(self, of_agent: Ints) -> Iterator[tuple[int, int, Terms]]:
        """(skill set, slot, literals of shifts at work there)."""
        found: dict[tuple[int, int], Terms] = {}
        for agent, taken in enumerate(self._shifts):
            for o, literal in taken.items():
                for slot in np.flatnonzero(self._works[o]).tolist():
                    found.setdefault((int(of_agent[agent]), slot), []).append(literal)
        for (mass, slot), literals in found.items():
            yield mass, slot, literals

    def _purchases(self) -> list[cp_model.IntVar]:
        cp, problem = self._cp, self._model.problem
        offers, partners = problem.offers, problem.case.partners
        blocks = [cp.new_int_var(0, int(most), "") for most in offers.most]
        for k, slot in zip(*open_slots_of_offers(problem), strict=True):
            cell = int(offers.campaign[k]), int(slot)
            self._capacity.setdefault(cell, []).append(int(offers.effect[k]) * blocks[k])
            self._heads.setdefault(cell, []).append(int(offers.seats[k]) * blocks[k])
        for index, partner in enumerate(partners):
            mine = np.flatnonzero(offers.partner == index)
            for k in mine:
                using = mine[
                    (offers.day[mine] == offers.day[k])
                    & (offers.first[mine] <= offers.first[k])
                    & (offers.first[k] < offers.last[mine])
                ]
                cp.add(
                    sum(int(offers.seats[j]) * blocks[j] for j in using) <= int(offers.seat_cap[index, offers.day[k]])
                )
            minutes = sum(round(60 * offers.hours[k]) * blocks[k] for k in mine)
            most = int(sum(round(60 * offers.hours[k]) * int(offers.most[k]) for k in mine))
            self._cost.append(self._tariff(partner, minutes, max(most, round(60 * partner.min_billed_hours))))
        for q in range(problem.campaigns):
            work = sum(int(offers.work[k]) * blocks[k] for k in np.flatnonzero(offers.campaign == q))
            cp.add_linear_constraint(work, int(problem.partner_work_floor[q]), int(problem.partner_work_cap[q]))
        return blocks

    def _tariff(self, partner: Partner, minutes: cp_model.LinearExprT, most: int) -> cp_model.LinearExprT:
        """Cents of a partner: one literal per tier, with the minutes billed in it."""
        cp = self._cp
        starts = [round(60 * tier.from_hours) for tier in partner.tiers]
        ends, cents, billed, literals = [*starts[1:], most], [], [], []
        for number, (first, last, tier) in enumerate(zip(starts, ends, partner.tiers, strict=True)):
            inside, here = cp.new_bool_var(""), cp.new_int_var(0, max(most, first), "")
            cp.add(here >= first * inside)
            cp.add(here <= max(first, last) * inside)
            done = (
                sum((ends[n] - starts[n]) * partner.tiers[n].price_per_hour for n in range(number))
                - first * tier.price_per_hour
            )
            cents.append(tier.price_per_hour * here + (0 if partner.tier_mode is TierMode.ALL_UNITS else done * inside))
            billed.append(here)
            literals.append(inside)
        cp.add_exactly_one(literals)
        whole = cp.new_int_var(0, most, "")
        cp.add_max_equality(whole, [minutes, round(60 * partner.min_billed_hours)])
        cp.add(sum(billed) == whole)
        total = cp.new_int_var(0, 10**12, "")
        cp.add(60 * total >= sum(cents))
        return total

    def _demand(self) -> None:
        """Work of every item is done in its window or missing."""
        cp, problem = self._cp, self._model.problem
        used: dict[tuple[int, int], Terms] = {}
        for q, items in enumerate(problem.items):
            price = int(problem.shortage_rate[q]) * problem.slot_minutes
            for first, last, work in items.tolist():
                done: Terms = []
                for slot in range(first, last):
                    if (q, slot) in self._capacity:
                        part = cp.new_int_var(0, work, "")
                        used.setdefault((q, slot), []).append(part)
                        done.append(part)
                missing = cp.new_int_var(0, work, "")
                cp.add(sum(done) + missing >= work)
                cents = cp.new_int_var(0, 10**9, "")
                cp.add(60 * MILLI * cents >= price * missing)
                self._cost.append(cents)
        for cell, parts in used.items():
            cp.add(sum(parts) <= sum(self._capacity[cell]))
        for (q, _), heads in self._heads.items():
            if problem.max_heads[q] < NO_CAP:
                cp.add(sum(heads) <= int(problem.max_heads[q]))

    def solve(self, seconds: float, workers: int) -> Result | None:
        """The best plan found within `seconds` of building and solving; None where there was none."""
        solver = solved(self._cp, seconds - (monotonic() - self._begun), workers)
        if solver is None:
            return None
        problem, state = self._model.problem, self._state(solver)
        return Result(
            status=Status.FEASIBLE, stop_reason=StopReason.TIME_LIMIT,
            shifts=shifts_of(problem, state), purchases=purchases_of(problem, state),
            cost_cents=total_cents(problem, self._model.items, state), bound=wages_alone(problem),
            explanation="plain CP-SAT model", first_plan_seconds=0.0, rounds=0, seconds=monotonic() - self._begun,
        )  # fmt: skip

    def _state(self, solver: cp_model.CpSolver) -> State:
        problem = self._model.problem
        state = empty_state(problem, self._model.items)
        for agent, taken in enumerate(self._shifts):
            for o, literal in taken.items():
                if solver.boolean_value(literal):
                    take(problem, state, agent, o, self._works[o])
        _, _, of_agent = masses(problem)
        for (mass, q, slot), count in self._counts.items():
            free = np.flatnonzero((of_agent == mass) & (state.activity[:, slot] == IDLE))
            state.activity[free[: solver.value(count)], slot] = q
        state.blocks[:] = [solver.value(block) for block in self._blocks]
        state.agent_cents[:], _ = settle_agents(problem, state)
        recount_all(self._model, state)
        return state


def add_tour(
    cp: cp_model.CpModel, problem: Problem, agent: int, among: Iterable[int]
) -> tuple[dict[int, cp_model.IntVar], Terms]:
    """A literal for each of an agent's shifts `among` the options, under rows for one shift a day, rest, days in a row and hours
    of the week. Returns the literals by option, and their cents.
    """
    options, staff = problem.options, problem.staff
    taken = {o: cp.new_bool_var("") for o in among}
    cents: Terms = [int(staff.option_cents[agent, o]) * literal for o, literal in taken.items()]
    by_day: list[list[int]] = [[] for _ in range(problem.days)]
    for o in taken:
        by_day[options.day[o]].append(o)
    for today, tomorrow in zip(by_day, [*by_day[1:], []], strict=True):
        cp.add_at_most_one(taken[o] for o in today)
        for start in sorted({int(options.start[o]) for o in tomorrow}):
            early = [taken[o] for o in tomorrow if options.start[o] <= start]
            late = [taken[o] for o in today if options.end[o] + staff.rest_slots > start]
            cp.add_at_most_one(early + late)
    touched = [cp.new_bool_var("") for _ in range(problem.days)]
    if staff.touched[agent]:
        cp.add(touched[0] == 1)
    for o, literal in taken.items():
        for day in range(options.day[o], min(problem.days, options.day[o] + 1 + int(options.overnight[o]))):
            cp.add_implication(literal, touched[day])
    row = [*[1] * int(staff.worked_before[agent]), *touched]
    most = staff.max_consecutive
    for first in range(max(0, len(row) - most)):
        cp.add(sum(row[first : first + most + 1]) <= most)
    return taken, cents + _week_hours(cp, problem, agent, taken)


def _week_hours(cp: cp_model.CpModel, problem: Problem, agent: int, taken: dict[int, cp_model.IntVar]) -> Terms:
    """Rows of an agent's hours of each week; returns the cents of overtime."""
    cents: Terms = []
    counted = problem.staff.counted[problem.staff.pay.terms[agent]]
    for week in range(problem.weeks):
        # The second cap keeps to limits of the year, whatever else is worked.
        cap = int(problem.staff.week_cap[agent, 1, week])
        table = problem.staff.overtime_cents[agent, week, : cap + 1]
        free = int((table == 0).sum()) - 1
        over = cp.new_int_var(0, max(0, cap - free), "")
        slots = sum(int(counted[o]) * x for o, x in taken.items() if problem.options.day[o] // 7 == week)
        cp.add(slots <= free + over)
        cents.append(int(np.ceil(table[-1] / max(1, cap - free))) * over)
    return cents


def solved(cp: cp_model.CpModel, seconds: float, workers: int) -> cp_model.CpSolver | None:
    """The solver with the best solution found in time; None where there was none."""
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(0.1, seconds)
    solver.parameters.num_workers = workers
    return solver if solver.solve(cp) in {cp_model.OPTIMAL, cp_model.FEASIBLE} else None


def take(problem: Problem, state: State, agent: int, option: int, works: Bools) -> None:
    """Give an agent a shift, in place, with nothing to do yet."""
    span = slice(problem.options.start[option], problem.options.end[option])
    state.tour[agent, problem.options.day[option]] = option
    state.activity[agent, span] = np.where(works[span], IDLE, BREAK)


def at_work(problem: Problem, option: int) -> Bools:
    """Slots that a shift works with every break in the middle of its window. Shape (slots,)."""
    options, works = problem.options, np.zeros(problem.slots, dtype=bool)
    start = int(options.start[option])
    works[start : int(options.end[option])] = True
    for length, earliest, latest in options.breaks[option].tolist():
        middle = start + (earliest + latest) // 2
        works[middle : middle + length] = False
    return works
