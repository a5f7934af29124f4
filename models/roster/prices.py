"""What a productive slot is worth: the duals of the linear relaxation, found by PDLP, and what it suggests to do."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from models.roster.lp import LpSolution, NoAnswerError, solve_pdlp
from models.roster.problem import Floats, Problem
from models.roster.relaxation import Relaxation
from wfm.requirement import MILLI


@dataclass(frozen=True, eq=False)
class Prices:
    """Dual prices in cents, all >= 0 but `shares`. `work[q, t]`: one milli agent-slot of campaign q in slot t; `heads[q, t]`: one
    more person or seat on q in t where max_agents binds; `hours`: one hour of each partner; `shares`: one milli agent-slot of
    partners more or less on each campaign where a share binds.

    `own` (milli agents per campaign and slot), and `blocks` (per offer) are the relaxation's own answer: a guide only.
    """

    work: Floats
    heads: Floats
    hours: Floats
    shares: Floats
    own: Floats
    blocks: Floats
    solution: LpSolution | None

    @staticmethod
    def free(problem: Problem) -> Prices:
        """Nothing is worth anything."""
        zero = np.zeros(problem.open.shape)
        hours, shares = np.zeros(len(problem.case.partners)), np.zeros(problem.campaigns)
        blocks = np.zeros(len(problem.offers.partner))
        return Prices(work=zero, heads=zero, hours=hours, shares=shares, own=zero, blocks=blocks, solution=None)

    @staticmethod
    def of_shortage(problem: Problem) -> Prices:
        """All work is worth what it costs undone at most: a guide as long as nothing better is known."""
        dearest = problem.undone.cents[problem.undone.first[:-1]]
        work = [dearest[problem.item_numbers(q)].max(initial=0.0) for q in range(problem.campaigns)]
        return replace(Prices.free(problem), work=np.repeat(np.array(work)[:, None], problem.slots, axis=1))


def solve_prices(
    relaxation: Relaxation,
    *,
    least: Floats | None = None,
    most: Floats | None = None,
    warm: Prices | None = None,
    tolerance: float = 3e-4,
    time_limit: float = 30.0,
    threads: int = 2,
) -> Prices:
    """Prices from the relaxation, with blocks held between `least` and `most` (per offer) where given, beginning at `warm`.

    Where nothing is inside, as where blocks rounded one by one need more seats than there are, `warm` is what is left to go by;
    without it NoAnswerError is raised.
    """
    lower, upper = np.zeros(relaxation.lp.columns), np.concatenate(relaxation.lp.most)
    if least is not None:
        lower[relaxation.blocks] = least
    if most is not None:
        upper[relaxation.blocks] = most
    try:
        solution = solve_pdlp(
            relaxation.lp,
            lower,
            upper,
            tolerance=tolerance,
            time_limit=time_limit,
            threads=threads,
            warm=None if warm is None else warm.solution,
        )
    except NoAnswerError:
        if warm is None:
            raise
        return warm
    # One more entry, which rows that do not exist (-1) point to.
    dual = np.append(solution.dual, 0.0)
    own = np.zeros(relaxation.open.shape)
    done = solution.primal[relaxation.assign] * relaxation.assign_effect
    np.add.at(own, (relaxation.assign_campaign, relaxation.assign_slot), np.maximum(done, 0))
    return Prices(
        work=(np.maximum(dual[relaxation.work_row], 0) + np.maximum(dual[relaxation.cut_row], 0))
        * (100 / MILLI)
        * relaxation.open,
        heads=np.maximum(-dual[relaxation.head_row], 0) * 100 * relaxation.open,
        hours=-dual[relaxation.hour_row] * 100,
        shares=dual[relaxation.share_row] * (100 / MILLI),
        own=own,
        blocks=np.maximum(solution.primal[relaxation.blocks], 0),
        solution=solution,
    )
