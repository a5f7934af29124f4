"""The compiled search: small neighbourhoods of a few agents and days, with blocks, tens of thousands a second.

A try takes the shifts of a few agents on a few days of one week out of the plan, may sell or buy blocks of those days, puts
shifts back one by one where each gains most, and may buy what then pays. What costs x cents more is kept with probability
exp(-x / temperature); anything else is taken back (`ledger`).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from models.roster.dayshift import add_shift, remove_shift, settle_agent
from models.roster.ledger import Ledger, set_activity, undo
from models.roster.problem import Floats, Ints, Offers, ShiftOptions, Staff
from models.roster.state import Items
from models.roster.stays import have_minimum
from models.roster.trade import Market, buy_what_pays, trade_block

_BREAK = -2  # as in `state`; compiled code keeps its own

SWITCHES, LONGEST_SWITCH = 4, 6
"""Tries after each other that turn an agent to another campaign, a tenth of its time each, and most slots of one."""


@njit(cache=True, nogil=True)
def anneal(  # noqa: C901, PLR0912 - one compiled loop
    tries: int,
    random: np.random.Generator,
    temperature: float,
    blur: float,
    trade: float,
    guide: Floats,
    able: Ints,
    able_first: Ints,
    days: Ints,
    staff: Staff,
    options: ShiftOptions,
    offers: Offers,
    market: Market,
    items: Items,
    ledger: Ledger,
) -> tuple[float, int]:
    """Try small changes of shifts and blocks of some `days` in place at a temperature in cents.

    `days[w, x]`: those that may change, a row for each week; `blur`: part of the temperature by which the choice of a shift is
    blurred; `able[able_first[q]:able_first[q + 1]]`: agents who may work campaign q; `trade`: share of tries that touch blocks;
    `guide`: what slots are worth at most. Returns what the plan costs more than before, cents, and the tries that changed it.
    """
    free = np.full(guide.shape, np.inf)
    scratch = np.full((len(options.day), options.breaks.shape[1]), -1, dtype=np.int64)
    agents, when = np.empty(4, dtype=np.int64), np.empty(3, dtype=np.int64)
    pairs = np.empty((8, 2), dtype=np.int64)
    change, kept = 0.0, 0
    longest = 0
    for o in range(len(options.day)):
        longest = max(longest, options.end[o] - options.start[o])
    for _ in range(tries):
        q = int(random.random() * (len(able_first) - 1))
        ledger.length[0] = 0
        money = ledger.money[0]
        count, span = _neighbourhood(q, days, able, able_first, agents, when, random)
        extra, size = 0.0, 0
        for x in range(count):
            for y in range(span):
                pairs[size, 0], pairs[size, 1] = agents[x], when[y]
                size += 1
        own = 0
        for x in range(count):
            own += ledger.cents[agents[x]]
        if 2 * (size + 6) * longest * ledger.worst > len(ledger.journal):
            size = min(size, 1)
        for m in range(size):
            remove_shift(pairs[m, 0], pairs[m, 1], staff, options, ledger, items)
        trading = random.random() < trade
        if trading:
            extra += trade_block(q, when[int(random.random() * span)], when[0], offers, market, ledger, items, random)
        guided = guide if random.random() < 0.3 else free
        for m in range(size):
            other = m + int(random.random() * (size - m))
            pairs[m, 0], pairs[other, 0] = pairs[other, 0], pairs[m, 0]
            pairs[m, 1], pairs[other, 1] = pairs[other, 1], pairs[m, 1]
            add_shift(pairs[m, 0], pairs[m, 1], guided, blur * temperature, staff, options, ledger, items, random)
        if trading and random.random() < 0.5:
            for y in range(span):
                extra += buy_what_pays(when[y], offers, market, ledger, items)
        legal = True
        for x in range(count):
            legal = legal and settle_agent(agents[x], scratch, staff, options, ledger)
            own -= ledger.cents[agents[x]]
        extra += ledger.money[0] - money - own
        if legal and extra <= -temperature * np.log(random.random()):
            change += extra
            kept += ledger.length[0] > 0
        else:
            undo(ledger)
            ledger.money[0] = money
        for _ in range(SWITCHES):
            change += _switch(temperature, days, able, able_first, staff, options, ledger, items, random)
    return change, kept


@njit(cache=True, nogil=True)
def _switch(
    temperature: float,
    days: Ints,
    able: Ints,
    able_first: Ints,
    staff: Staff,
    options: ShiftOptions,
    ledger: Ledger,
    items: Items,
    random: np.random.Generator,
) -> float:
    """Turn an agent to another campaign for some slots of a shift; returns what undone work costs more."""
    q = int(random.random() * (len(able_first) - 1))
    if able_first[q] == able_first[q + 1]:
        return 0.0
    agent = able[able_first[q] + int(random.random() * (able_first[q + 1] - able_first[q]))]
    skills = staff.group_skills[staff.group[agent]]
    option = ledger.tour[agent, days[int(random.random() * len(days)), int(random.random() * days.shape[1])]]
    if option < 0 or have_minimum(skills, staff):
        return 0.0
    ledger.length[0] = 0
    money = ledger.money[0]
    t = options.start[option] + int(random.random() * (options.end[option] - options.start[option]))
    last = min(options.end[option], t + 1 + int(random.random() * LONGEST_SWITCH))
    while t < last:
        if ledger.activity[agent, t] != _BREAK and staff.is_open[q, t] and ledger.heads[q, t] > 0:
            set_activity(agent, t, q, staff.effect[agent], ledger, items)
        t += 1
    extra = float(ledger.money[0] - money)
    if extra <= -temperature * np.log(random.random()):
        return extra
    undo(ledger)
    ledger.money[0] = money
    return 0.0


@njit(cache=True, nogil=True)
def _neighbourhood(
    q: int,
    days: Ints,
    able: Ints,
    able_first: Ints,
    agents: Ints,
    when: Ints,
    random: np.random.Generator,
) -> tuple[int, int]:
    """Draw a few distinct agents who may work a campaign, and a few distinct `days` of one week; returns how many of each."""
    draw = random.random()
    if draw < 0.6:
        count, span = 1 + int(random.random() * 4), 1
    elif draw < 0.8:
        count, span = 1, 2 + int(random.random() * 2)
    else:
        count, span = 2, 2
    count = min(count, able_first[q + 1] - able_first[q])
    span = min(span, days.shape[1])
    for x in range(count):
        again = True
        while again:
            agents[x] = able[able_first[q] + int(random.random() * (able_first[q + 1] - able_first[q]))]
            again = False
            for y in range(x):
                again = again or agents[y] == agents[x]
    week = days[int(random.random() * len(days))]
    for x in range(span):
        again = True
        while again:
            when[x] = week[int(random.random() * len(week))]
            again = False
            for y in range(x):
                again = again or when[y] == when[x]
    return count, span
