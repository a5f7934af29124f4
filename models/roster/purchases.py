"""What to buy: wanted fractions of blocks rounded to whole ones that may be bought, as an integer program."""

from __future__ import annotations

import numpy as np

from models.roster.lp import SparseLp, solve_mip
from models.roster.problem import Floats, Ints, Problem
from models.roster.relaxation import add_purchase_rules
from wfm.errors import WfmError


def nearest_blocks(problem: Problem, wanted: Floats, *, time_limit: float) -> Ints | None:
    """Whole blocks nearest to the wanted ones that respect seats and shares; None when it is proven that nothing does.

    Raises WfmError when neither blocks nor such a proof were found in time.
    """
    lp = SparseLp()
    count = len(wanted)
    blocks = lp.add_integers(count, most=problem.offers.most.astype(float))
    add_purchase_rules(lp, problem, blocks)
    for sign in (1.0, -1.0):
        rows = lp.add_rows(count, lower=-sign * np.rint(wanted))
        lp.add_entries(rows, blocks, -sign)
        lp.add_entries(rows, lp.add_columns(count, cost=1.0), 1.0)
    solution = solve_mip(lp, time_limit=time_limit)
    if solution.primal is not None:
        return np.rint(solution.primal[blocks]).astype(np.int64)
    if solution.infeasible:
        return None
    raise WfmError(
        "No legal purchases were found in the time given, nor proof that there are none: raise the time limit."
    )
