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
    """Wages, overtime, wishes, purchases and shortage: what the bill of this solution will say."""
    own = int(problem.staff.wages_cents.sum()) + int(state.agent_cents.sum())
    missing = missing_work(problem, items, state)
    return own + purchase_cents(problem, state.blocks) + shortage_cents(problem, items, missing)


def purchase_cents(problem: Problem, blocks: Ints) -> int:
    """Tariffs of all partners, minimum billing included."""
    hours = np.bincount(
        problem.offers.partner, weights=blocks * problem.offers.hours, minlength=len(problem.case.partners)
    )
    return sum(tariff_cents(partner, float(hours[index])) for index, partner in enumerate(problem.case.partners))


def shortage_cents(problem: Problem, items: Items, left: Ints) -> int:
    """Missing work at its price, rounded half up once per campaign."""
    missing = np.bincount(items.campaign, weights=left, minlength=problem.campaigns).astype(np.int64)
    return sum(
        half_up(Decimal(int(work) * problem.slot_minutes * int(rate)) / (60 * MILLI))
        for work, rate in zip(missing, problem.shortage_rate, strict=True)
    )
