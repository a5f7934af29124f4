"""Blocks bought and sold inside the compiled search: seats, shares, max_agents and exact tariffs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from models.roster.ledger import Ledger, give, note, take
from models.roster.problem import Bools, Floats, Ints, Offers, Problem
from models.roster.state import Items
from wfm.partner import TierMode

ELSEWHERE = 0.5
"""Share of the exchanges of blocks whose new block is of any campaign."""


class Market(NamedTuple):
    """Tariffs and limits of purchases. `of_day[day_first[d]:day_first[d + 1]]` are the offers of day d that may change; tier j of
    partner p holds from `tier_from[p, j]` hours (infinity: no such tier) at `tier_price[p, j]` cents per hour.
    """

    of_day: Ints
    day_first: Ints
    tier_from: Floats
    tier_price: Floats
    all_units: Bools
    minimum: Floats
    minutes: Ints
    """Billed minutes of one block of every offer."""
    floor: Ints
    cap: Ints
    """Least and most work of partners per campaign."""
    is_open: Bools


def build_market(problem: Problem, traded: Bools | None = None) -> Market:
    """The market of some partners (None: of all); `traded` has shape (partners,)."""
    partners, offers = problem.case.partners, problem.offers
    most = max((len(partner.tiers) for partner in partners), default=1)
    tier_from, tier_price = np.full((len(partners), most), np.inf), np.zeros((len(partners), most))
    for row, partner in enumerate(partners):
        tier_from[row, : len(partner.tiers)] = [tier.from_hours for tier in partner.tiers]
        tier_price[row, : len(partner.tiers)] = [tier.price_per_hour for tier in partner.tiers]
    of_day = np.argsort(offers.day, kind="stable")
    if traded is not None:
        of_day = of_day[traded[offers.partner[of_day]]]
    return Market(
        of_day=of_day,
        day_first=np.searchsorted(offers.day[of_day], np.arange(problem.days + 1)).astype(np.int64),
        tier_from=tier_from,
        tier_price=tier_price,
        all_units=np.array([partner.tier_mode is TierMode.ALL_UNITS for partner in partners], dtype=bool),
        minimum=np.array([partner.min_billed_hours for partner in partners], dtype=float),
        minutes=np.rint(offers.hours * 60).astype(np.int64),
        floor=problem.partner_work_floor,
        cap=problem.partner_work_cap,
        is_open=problem.open,
    )


@njit(cache=True, nogil=True)
def tariff(p: int, minutes: int, market: Market) -> float:
    """Cents for so many minutes, before rounding."""
    hours = max(minutes / 60.0, market.minimum[p])
    total = 0.0
    for j in range(market.tier_from.shape[1]):
        begin = market.tier_from[p, j]
        if hours < begin:
            break
        if market.all_units[p]:
            total = hours * market.tier_price[p, j]
            continue
        end = market.tier_from[p, j + 1] if j + 1 < market.tier_from.shape[1] else np.inf
        total += (min(hours, end) - begin) * market.tier_price[p, j]
    return total


@njit(cache=True, nogil=True)
def may_buy(k: int, day: int, offers: Offers, market: Market, ledger: Ledger) -> bool:
    """Whether one more block keeps to seats, share and max_agents."""
    q, p = offers.campaign[k], offers.partner[k]
    if ledger.bought[q] + offers.work[k] > market.cap[q]:
        return False
    for t in range(offers.first[k], offers.last[k]):
        if market.is_open[q, t] and ledger.heads[q, t] < offers.seats[k]:
            return False
    for t in range(offers.first[k], offers.last[k]):
        used = offers.seats[k]
        for n in range(market.day_first[day], market.day_first[day + 1]):
            other = market.of_day[n]
            if offers.partner[other] == p and offers.first[other] <= t < offers.last[other]:
                used += ledger.blocks[other] * offers.seats[other]
        if used > offers.seat_cap[p, day]:
            return False
    return True


@njit(cache=True, nogil=True)
def may_sell(k: int, offers: Offers, market: Market, ledger: Ledger) -> bool:
    """Whether there is a block, and one less keeps to the share that partners must have."""
    q = offers.campaign[k]
    return bool(ledger.blocks[k] > 0) and bool(ledger.bought[q] - offers.work[k] >= market.floor[q])


@njit(cache=True, nogil=True)
def change_block(k: int, sign: int, offers: Offers, market: Market, ledger: Ledger, items: Items) -> float:
    """Buy (1) or sell (-1) one block; returns what the bill rises by, cents."""
    q, p = offers.campaign[k], offers.partner[k]
    before = tariff(p, ledger.minutes[p], market)
    note(8, k, ledger.blocks[k], ledger)
    note(9, q, ledger.bought[q], ledger)
    note(10, p, ledger.minutes[p], ledger)
    ledger.blocks[k] += sign
    ledger.bought[q] += sign * offers.work[k]
    ledger.minutes[p] += sign * market.minutes[k]
    slots = ledger.heads.shape[1]
    for t in range(offers.first[k], offers.last[k]):
        if not market.is_open[q, t]:
            continue
        note(3, q * slots + t, ledger.heads[q, t], ledger)
        ledger.heads[q, t] -= sign * offers.seats[k]
        if sign > 0:
            give(q, t, offers.effect[k], ledger, items)
        else:
            take(q, t, offers.effect[k], ledger, items)
    return tariff(p, ledger.minutes[p], market) - before


@njit(cache=True, nogil=True)
def saving(k: int, offers: Offers, market: Market, ledger: Ledger, items: Items) -> float:
    """Shortage that one more block would save, about, in cents."""
    total, q = 0.0, offers.campaign[k]
    for t in range(offers.first[k], offers.last[k]):
        if not market.is_open[q, t]:
            continue
        remaining = offers.effect[k]
        for i in range(items.low[q, t], items.high[q, t]):
            done = min(remaining, ledger.left[i])
            # A long item's small rest must not be counted once per slot.
            total += done * items.cents[i] / (1.0 if ledger.left[i] >= 8 * done else min(items.span[i], 8))
            remaining -= done
    return total


@njit(cache=True, nogil=True)
def buy_what_pays(day: int, offers: Offers, market: Market, ledger: Ledger, items: Items) -> float:
    """Buy blocks of a day one by one while each saves more shortage than it costs; returns what the bill rises by."""
    spent = 0.0
    for _ in range(4):
        best, chosen = 1e-6, -1
        for n in range(market.day_first[day], market.day_first[day + 1]):
            k = market.of_day[n]
            p = offers.partner[k]
            worth = saving(k, offers, market, ledger, items)
            if worth <= 0:
                continue
            cost = tariff(p, ledger.minutes[p] + market.minutes[k], market) - tariff(p, ledger.minutes[p], market)
            if worth - cost > best and may_buy(k, day, offers, market, ledger):
                best, chosen = worth - cost, k
        if chosen < 0:
            return spent
        spent += change_block(chosen, 1, offers, market, ledger, items)
    return spent


@njit(cache=True, nogil=True)
def trade_block(
    q: int,
    sell_day: int,
    buy_day: int,
    offers: Offers,
    market: Market,
    ledger: Ledger,
    items: Items,
    random: np.random.Generator,
) -> float:
    """Sell one block of a campaign, or buy one, or both; returns what the bill rises by.

    Where partners have no more of a campaign than they must, a block goes if another of the campaign comes in its place.
    """
    extra, sold, what = 0.0, -1, int(random.random() * 3)
    if what != 1:
        k = _pick(q, sell_day, True, offers, market, ledger, random)
        if k >= 0 and (what == 2 or may_sell(k, offers, market, ledger)):
            extra += change_block(k, -1, offers, market, ledger, items)
            sold = k
    if what != 0:
        owing = sold >= 0 and ledger.bought[q] < market.floor[q]
        # Partners may change campaigns, and agents with them.
        other = int(random.random() * len(ledger.bought)) if what == 2 and random.random() < ELSEWHERE else q
        k = _pick(q if owing else other, buy_day, False, offers, market, ledger, random)
        buys = k >= 0 and may_buy(k, buy_day, offers, market, ledger)
        if buys:
            extra += change_block(k, 1, offers, market, ledger, items)
        if owing and ledger.bought[q] < market.floor[q]:
            if buys:
                change_block(k, -1, offers, market, ledger, items)
            change_block(sold, 1, offers, market, ledger, items)
            return 0.0
    return extra


@njit(cache=True, nogil=True)
def _pick(
    q: int, day: int, bought: bool, offers: Offers, market: Market, ledger: Ledger, random: np.random.Generator
) -> int:
    """A random offer of a campaign and day, of those bought where asked for; -1 where there is none."""
    chosen, seen = -1, 0
    for n in range(market.day_first[day], market.day_first[day + 1]):
        k = market.of_day[n]
        if offers.campaign[k] == q and (ledger.blocks[k] > 0 or not bought):
            seen += 1
            if int(random.random() * seen) == 0:
                chosen = k
    return chosen
