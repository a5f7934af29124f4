"""The cost of a solution to the cent, by the optimiser's own arithmetic; `wfm.costs` must find the same figure."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from models.roster.capacity import missing_work
from models.roster.problem import Ints, Problem, half_up
from models.roster.state import Items, State
from models.roster.tariff import tariff_cents
from wfm.requirement import MILLI


def total_cents(problem: Problem, items: Items, state: State) -> int:
    """Wages, overtime, wishes, purchases, shortage and lost contacts: what the bill of this solution will say."""
    own = int(problem.staff.wages_cents.sum()) + int(state.agent_cents.sum())
    missing = missing_work(problem, items, state)
    return own + purchase_cents(problem, state.blocks) + undone_cents(problem, items, missing)


def purchase_cents(problem: Problem, blocks: Ints) -> int:
    """Tariffs of all partners, minimum billing included."""
    hours = np.bincount(
        problem.offers.partner, weights=blocks * problem.offers.hours, minlength=len(problem.case.partners)
    )
    return sum(tariff_cents(partner, float(hours[index])) for index, partner in enumerate(problem.case.partners))


def undone_cents(problem: Problem, items: Items, left: Ints) -> int:
    """Missing work and lost contacts at their prices, each rounded half up once per campaign; `left` of every piece."""
    missing, lost = left * problem.undone.asked, left * problem.undone.lost
    return sum(
        half_up(Decimal(int(missing[own].sum()) * problem.slot_minutes * int(rate)) / (60 * MILLI))
        + half_up(Decimal(int(lost[own].sum())) / MILLI)
        for own, rate in ((items.campaign == q, rate) for q, rate in enumerate(problem.shortage_rate))
    )
