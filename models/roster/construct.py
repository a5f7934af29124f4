"""From prices to a first plan: agents choose exact best tours one after another."""

from __future__ import annotations

import numpy as np

from models.roster.activity import reassign
from models.roster.mend import keep_stays
from models.roster.moves import recount, respond
from models.roster.prices import Prices
from models.roster.problem import Ints
from models.roster.state import Model, State, empty_state


def construct(model: Model, blocks: Ints, prices: Prices) -> State:
    """A first plan: blocks given, agents one after another against what is left undone, a slot at most at these prices."""
    problem = model.problem
    state = empty_state(problem, model.items)
    state.blocks[:] = blocks
    recount_all(model, state)
    # Agents with few skills first: those with many can still go where work is left.
    order = np.argsort(problem.staff.group_skills.sum(axis=1)[problem.staff.group], kind="stable")
    for agent in order:
        respond(int(agent), problem.staff, problem.options, model.rest, model.items, state, prices.work)
    reassign(model, state)
    recount_all(model, state)
    keep_stays(model, state)
    return state


def recount_all(model: Model, state: State) -> None:
    """Bring the state's attribution in line with its activities and blocks."""
    problem = model.problem
    recount(problem.staff, problem.offers, problem.open, problem.max_heads, model.items, state)
