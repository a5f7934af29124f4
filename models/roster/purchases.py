"""What to buy: integer blocks, exact tariffs, seats and shares, as an integer program.

Against prices (`best_against_prices`) it is the partners' term of the Lagrangian bound; against wanted fractions
(`nearest_blocks`) it rounds them to something that may be bought.
"""

from __future__ import annotations

import numpy as np

from models.roster.lp import SparseLp, solve_mip
from models.roster.prices import Prices, add_purchase_rules, open_slots_of_offers
from models.roster.problem import Floats, Ints, Problem
from wfm.errors import WfmError
from wfm.partner import Partner, TierMode

NODES = 300
"""Branch-and-bound nodes of one purchase program: on the sample, thousands more move its bound by 3 EUR in 250,000."""


def best_against_prices(problem: Problem, prices: Prices, *, time_limit: float) -> tuple[float, Ints]:
    """Minimise tariffs less the value of the work bought. Returns (proven lower bound in cents, blocks per offer)."""
    offers = problem.offers
    lp = SparseLp()
    which, slots = open_slots_of_offers(problem)
    campaign = offers.campaign[which]
    worth = prices.work[campaign, slots] * offers.effect[which] - prices.heads[campaign, slots] * offers.seats[which]
    blocks = _add_blocks(
        lp, problem, np.bincount(which, weights=-worth, minlength=len(offers.partner)).astype(np.float64)
    )
    solution = solve_mip(lp, time_limit=time_limit, gap=1e-6, nodes=NODES)
    found = np.zeros(len(blocks)) if solution.primal is None else solution.primal[blocks]
    return solution.bound, np.rint(found).astype(np.int64)


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


def _add_blocks(lp: SparseLp, problem: Problem, cost: Floats) -> Ints:
    """Integer blocks with seats, shares and tariffs; costs in cents."""
    offers = problem.offers
    blocks = lp.add_integers(len(offers.partner), cost=cost, most=offers.most.astype(float))
    add_purchase_rules(lp, problem, blocks)
    for index, partner in enumerate(problem.case.partners):
        of_partner = offers.partner == index
        _add_tariff(
            lp,
            partner,
            blocks[of_partner],
            offers.hours[of_partner],
            float(offers.most[of_partner] @ offers.hours[of_partner]),
        )
    return blocks


def _add_tariff(lp: SparseLp, partner: Partner, blocks: Ints, hours: Floats, most: float) -> None:
    """Cents at max(hours, minimum): exactly one tier k holds the billed hours z_k, at base_k + price_k (z_k - from_k)."""
    starts = [tier.from_hours for tier in partner.tiers]
    most = max(most, partner.min_billed_hours)
    ends = [*starts[1:], max(most, starts[-1])]
    base, bases = 0.0, []
    for start, end, tier in zip(starts, ends, partner.tiers, strict=True):
        bases.append(start * tier.price_per_hour if partner.tier_mode is TierMode.ALL_UNITS else base)
        base += (end - start) * tier.price_per_hour
    price = np.array([tier.price_per_hour for tier in partner.tiers], dtype=float)
    count = len(price)
    chosen = lp.add_integers(count, cost=np.array(bases) - price * starts, most=1.0)
    billed = lp.add_columns(count, cost=price)
    lp.add_entries(lp.add_rows(1, lower=1.0, upper=1.0), chosen, 1.0)
    for bound, sign in ((starts, 1.0), (ends, -1.0)):
        rows = lp.add_rows(count, lower=0.0)
        lp.add_entries(rows, billed, sign)
        lp.add_entries(rows, chosen, -sign * np.array(bound, dtype=float))
    bought = lp.add_rows(1, lower=0.0)
    lp.add_entries(bought, billed, 1.0)
    lp.add_entries(bought, blocks, -hours)
    lp.add_entries(lp.add_rows(1, lower=partner.min_billed_hours), billed, 1.0)
    if partner.tier_mode is TierMode.ALL_UNITS:
        # Its total can fall where a tier begins, so billed hours must not float above the larger of the two.
        floor = lp.add_integers(1, most=1.0)
        at_bought = lp.add_rows(1, upper=0.0)
        lp.add_entries(at_bought, billed, 1.0)
        lp.add_entries(at_bought, blocks, -hours)
        lp.add_entries(at_bought, floor, -most)
        at_floor = lp.add_rows(1, upper=partner.min_billed_hours + most)
        lp.add_entries(at_floor, billed, 1.0)
        lp.add_entries(at_floor, floor, most)
