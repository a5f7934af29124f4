"""Whom to free: at the bound's prices, what the plan costs above the bound is the sum of what each person and each row loses.

A person loses what the tour held is dearer than the best; a row loses what its cover, cost and price together, is dearer than
the best cover. (Both are the terms of the Lagrangian, docs/formulation.md, section 9; extras lose too, and are always free.)
"""

from __future__ import annotations

import numpy as np

from models.roster.columns.plan import ColumnPlan
from models.roster.columns.pool import Pool
from models.roster.columns.program import Program
from models.roster.problem import Floats, Ints


def choose_freed(
    program: Program, pool: Pool, plan: ColumnPlan, prices: Floats, size: int, rng: np.random.Generator
) -> Ints:
    """`size` persons (ascending), those who lose more likelier. As often as rows lose, half of them are such as could give one
    losing row more or less cover at little loss: those of least loss, blurred.
    """
    owner, reduced = pool.all_reduced(prices)
    persons = len(plan.chosen)
    size = min(size, persons)
    least = _least(owner, reduced, persons)
    regret = reduced[plan.chosen] - least
    cover = pool.cover(plan.chosen, len(program.rows)) + program.extras.cover(plan.units, len(program.rows))
    losses = program.rows.losses(cover, prices)
    first = np.zeros(0, dtype=np.int64)
    if rng.random() * (losses.sum() + regret.sum()) < losses.sum():
        row = int(rng.choice(len(losses), p=losses / losses.sum()))
        covers = np.zeros(len(owner), dtype=bool)
        covers[pool.covering(row, len(owner))] = True
        more = program.rows.worth(cover)[row] > prices[row]
        others = (covers == more) & (covers[plan.chosen] != more)[owner]
        change = _least(owner[others], reduced[others], persons) - least
        able = np.flatnonzero(np.isfinite(change))
        if len(able):
            blurred = change[able] + rng.exponential(change[able].mean() + 1e-9, len(able))
            first = able[np.argsort(blurred, kind="stable")[: size // 2]]
    left = np.setdiff1d(np.arange(persons), first)
    chance = regret[left] + regret.mean() + 1e-9
    more_persons = rng.choice(left, size - len(first), replace=False, p=chance / chance.sum())
    return np.sort(np.concatenate((first, more_persons)))


def _least(owner: Ints, reduced: Floats, persons: int) -> Floats:
    """Least per person; infinite for those who own nothing."""
    least = np.full(persons, np.inf)
    np.minimum.at(least, owner, reduced)
    return least
