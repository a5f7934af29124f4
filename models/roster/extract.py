"""A solution back in the words of the trade."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import numpy as np

from models.roster.problem import Problem
from models.roster.state import BREAK, State
from wfm.plan import IDLE as IDLE_ACTIVITY
from wfm.plan import Purchase, Segment, Shift


def shifts_of(problem: Problem, state: State) -> tuple[Shift, ...]:
    """Shifts by agent and day, cut into segments of one activity."""
    case = problem.case
    return tuple(
        Shift(
            agent=agent.id,
            day=case.first_day + timedelta(days=day),
            pattern=case.shift_patterns[problem.options.pattern[option]].id,
            segments=_segments(problem, state, row, int(option)),
        )
        for row, agent in enumerate(case.agents)
        for day, option in enumerate(state.tour[row])
        if option >= 0
    )


def _segments(problem: Problem, state: State, agent: int, option: int) -> tuple[Segment, ...]:
    first, last = int(problem.options.start[option]), int(problem.options.end[option])
    activity = state.activity[agent, first:last]
    edges = [0, *(np.flatnonzero(np.diff(activity)) + 1), last - first]
    pauses = iter(problem.case.shift_patterns[problem.options.pattern[option]].breaks)
    segments = []
    for start, end in pairwise(edges):
        begin = int(start)
        code = activity[begin]
        if code != BREAK:
            name = problem.case.campaigns[code].id if code >= 0 else IDLE_ACTIVITY
            segments.append(Segment(activity=name, first_slot=first + int(begin), slots=int(end - begin)))
            continue
        # Two breaks may touch: cut the run into the pattern's breaks, which come in order.
        while begin < end:
            pause = next(pauses)
            slots = pause.minutes // problem.slot_minutes
            segments.append(Segment(activity=f"break:{pause.name}", first_slot=first + int(begin), slots=slots))
            begin += slots
    return tuple(segments)


def purchases_of(problem: Problem, state: State) -> tuple[Purchase, ...]:
    """Purchases by partner, campaign, day and block shift."""
    case, offers = problem.case, problem.offers
    return tuple(
        Purchase(
            partner=case.partners[offers.partner[k]].id,
            campaign=case.campaigns[offers.campaign[k]].id,
            day=case.first_day + timedelta(days=int(offers.day[k])),
            shift=case.partners[offers.partner[k]].shifts[offers.shift[k]].id,
            blocks=int(state.blocks[k]),
        )
        for k in np.flatnonzero(state.blocks)
    )
