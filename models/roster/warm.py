"""Compile every kernel before the clock starts: the first run after an installation takes some twenty seconds for it."""

from __future__ import annotations

import numpy as np

from models.roster.activity import reassign
from models.roster.bound import lower_bound
from models.roster.construct import recount_all
from models.roster.moves import respond, swap_for_calm
from models.roster.objective import total_cents
from models.roster.prices import Prices
from models.roster.search import Search
from models.roster.state import Model, empty_state


def compile_kernels(model: Model) -> None:
    """Call each kernel once, at no prices and on an empty plan; a matter of milliseconds once they are cached."""
    problem = model.problem
    nothing = np.zeros(problem.open.shape)
    state = empty_state(problem, model.items)
    recount_all(model, state)
    if problem.agents:
        respond(0, problem.staff, problem.options, model.rest, model.items, state, nothing)
    reassign(model, state)
    swap_for_calm(state.activity, problem.staff, 1)
    total_cents(problem, model.items, state)
    Search(model, state, Prices.free(problem), np.random.default_rng(0)).round(0.0)
    lower_bound(problem, lambda _: Prices.free(problem), model.rest, left=lambda: 0.0)
