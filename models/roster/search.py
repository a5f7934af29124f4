"""The annealed search as the caller sees it: so many rounds at a temperature, and the plan as it stands."""

from __future__ import annotations

import numpy as np

from models.roster.activity import reassign
from models.roster.anneal import anneal
from models.roster.construct import recount_all
from models.roster.ledger import Ledger, open_ledger
from models.roster.mend import keep_stays
from models.roster.prices import Prices
from models.roster.problem import Bools, Floats, Ints
from models.roster.state import Model, State
from models.roster.trade import build_market, trade_block

TRIES = 200
"""Small changes tried in one round: a few milliseconds."""

HOT, COLD = 2.0, 0.05
"""First and last temperature, in units of what a slot without an agent costs."""

HOT_UNTIL = 300_000
"""Agents x slots beyond which the first temperature is lower in proportion: with 1,000 agents a hot search loses what the
relaxation has found, and ends dearer after 600 s than one begun cooler after 60 s.
"""

BLUR = 0.1
"""How much less than the temperature the choice of one shift is blurred; none at all, and 0.3, are worse."""

TRADE = 0.35
"""Share of tries that buy or sell blocks."""

CHEAPEST = 0.35
"""Part of its price that shortage has at first, rising to all of it: at the full price nearly no block can ever be sold, because
four agents have to come in its place one by one while what is missing costs several times the block.
"""

DEAR_FROM = 0.85
"""Part of the search after which shortage has its full price."""


KICKED_DAYS = 3
"""Days that may change after a kick, those of its blocks among them."""

KICKS = 100
"""Most draws for a block that can be traded."""


def days_of_weeks(weeks: Ints) -> Ints:
    """The days of some weeks. Shape (weeks, 7)."""
    return 7 * weeks[:, None] + np.arange(7)


class Search:
    """A plan in the making. The same seed and the same calls give the same plan."""

    def __init__(
        self,
        model: Model,
        state: State,
        guide: Prices,
        random: np.random.Generator,
        *,
        days: Ints | None = None,
        partners: Bools | None = None,
        share: int = 1,
    ) -> None:
        """Shifts of `days` may change, which have a row for each week, and blocks of `partners` in them (None: of all). Where
        several searches go on at once, each may use up one `share`-th of what the limits of partners' work leave.
        """
        problem = model.problem
        self._days = days_of_weeks(np.arange(problem.weeks)) if days is None else days
        self._model, self._state, self._guide, self._random = model, state, guide.work, random
        members = [np.flatnonzero(problem.staff.group_skills[problem.staff.group, q]) for q in range(problem.campaigns)]
        self._able: Ints = np.concatenate(members).astype(np.int64)
        self._able_first: Ints = np.concatenate([[0], np.cumsum([len(group) for group in members])]).astype(np.int64)
        prices = model.items.cents[model.items.cents > 0]
        effect = problem.staff.effect.mean() if problem.agents else 1000.0
        self._slot_cents = max(1.0, float(prices.mean() * effect)) if len(prices) else 1.0
        self._ledger: Ledger = open_ledger(problem, model.items, state)
        market, bought = build_market(problem, partners), self._ledger.bought.copy()
        self._market = market._replace(
            floor=bought - np.maximum(0, bought - market.floor) // share,
            cap=bought + np.maximum(0, market.cap - bought) // share,
        )

    def round(self, done: float) -> None:
        """Try `TRIES` changes; `done` is the share of the search that is over."""
        problem, items = self._model.problem, self._model.items
        hot = HOT * min(1.0, HOT_UNTIL / max(1, problem.agents * problem.slots))
        temperature = self._slot_cents * hot * (COLD / hot) ** done
        part = min(1.0, CHEAPEST + (1 - CHEAPEST) * done / DEAR_FROM)
        cents: Floats = items.cents * part
        anneal(
            TRIES,
            self._random,
            temperature * part,
            BLUR,
            TRADE,
            self._guide,
            self._able,
            self._able_first,
            self._days,
            problem.staff,
            problem.options,
            problem.offers,
            self._market,
            items._replace(cents=cents),
            self._ledger,
        )

    def kick(self) -> None:
        """Sell a block, buy one, or both, whatever it costs, and go on with the days of that and a few more of the week."""
        random, week = self._random, self._days[self._random.integers(len(self._days))]
        before = self._ledger.blocks.copy()
        for _ in range(KICKS):
            q = int(random.integers(self._model.problem.campaigns))
            days = random.choice(week, KICKED_DAYS, replace=False)
            # As often on one day as on two.
            sell_day, buy_day = days[0], days[random.integers(2)]
            trade_block(
                q,
                sell_day,
                buy_day,
                self._model.problem.offers,
                self._market,
                self._ledger,
                self._model.items,
                random,
            )
            self._ledger.length[0] = 0
            if (self._ledger.blocks != before).any():
                break
        self._days = days[None, :]

    def plan(self) -> State:
        """The plan as it stands."""
        state = self._state.saved()
        state.tour[...] = self._ledger.tour
        state.activity[...] = self._ledger.activity
        state.blocks[...] = self._ledger.blocks
        state.agent_cents[...] = self._ledger.cents
        return state

    def plan_with_best_activities(self) -> State:
        """The same tours and blocks, and who works on what chosen anew for the best. The search goes on from its own: activities
        that the flow scatters over agents leave the search less room.
        """
        state = self.plan()
        reassign(self._model, state)
        recount_all(self._model, state)
        keep_stays(self._model, state)
        return state
