"""Activities that keep to the minimum stays, after a step that does not know them."""

from __future__ import annotations

import numpy as np
from numba import njit

from models.roster.ledger import Ledger, open_ledger, set_activity
from models.roster.moves import recount
from models.roster.problem import ShiftOptions, Staff
from models.roster.state import Items, Model, State
from models.roster.stays import choose_stays, is_short

_BREAK, _IDLE = -2, -1  # as in `state`; compiled code keeps its own


def keep_stays(model: Model, state: State) -> None:
    """Let every shift with a stay that is too short choose its activities anew, in place; tours and blocks stay."""
    problem, items = model.problem, model.items
    if (problem.staff.least_stay <= 1).all():
        return
    ledger = open_ledger(problem, items, state)
    _mend(problem.staff, problem.options, ledger, items)
    state.activity[...] = ledger.activity
    recount(problem.staff, problem.offers, problem.open, problem.max_heads, items, state)


@njit(cache=True, nogil=True)
def _mend(staff: Staff, options: ShiftOptions, ledger: Ledger, items: Items) -> None:
    """Shifts with a short stay leave their campaigns, all of them, and then choose one after another."""
    agents, days = ledger.tour.shape
    short = np.zeros((agents, days), dtype=np.bool_)
    for again in range(2):
        for agent in range(agents):
            for day in range(days):
                option = ledger.tour[agent, day]
                if option < 0:
                    continue
                first, last = options.start[option], options.end[option]
                if again == 0:
                    short[agent, day] = is_short(ledger.activity[agent], first, last, staff)
                if not short[agent, day]:
                    continue
                chosen = ledger.activity[agent, first:last].copy()
                if again == 0:
                    chosen[chosen != _BREAK] = _IDLE
                else:
                    choose_stays(chosen, first, agent, staff, ledger, items)
                for k in range(last - first):
                    set_activity(agent, first + k, chosen[k], staff.effect[agent], ledger, items)
                ledger.length[0] = 0
