"""The search's running sums: what it says a change costs is what the bill says, and what it takes back leaves no trace."""

from __future__ import annotations

import numpy as np
import pytest

from models.roster.anneal import anneal
from models.roster.compile import compile_problem
from models.roster.construct import construct
from models.roster.ledger import open_ledger
from models.roster.objective import purchase_cents
from models.roster.prices import Prices
from models.roster.search import days_of_weeks
from models.roster.state import build_model
from models.roster.tariff import tariff_cents
from models.roster.trade import build_market, tariff


@pytest.fixture(params=[False, True], ids=["shortage", "losses"])
def opened(request, tiny_case, usual_work, rebuild, with_losses):
    """A ledger of a first plan and all that the search wants; at most seven at once on a campaign."""
    case = rebuild(tiny_case, service={"max_agents": 7})
    requirement = usual_work(case, 3700)
    if request.param:
        case, requirement = with_losses(case, requirement, np.random.default_rng(1))
    problem = compile_problem(case, requirement)
    model = build_model(problem)
    state = construct(model, np.arange(len(problem.offers.partner)) % 2, Prices.free(problem))
    return problem, model, *searching(model, state, build_market(problem))


def searching(model, state, market):
    """The ledger of a plan, and `run(tries, seed, temperature, trade)` that searches on it."""
    problem = model.problem
    ledger = open_ledger(problem, model.items, state)
    members = [np.flatnonzero(problem.staff.group_skills[problem.staff.group, q]) for q in range(problem.campaigns)]
    first = np.concatenate([[0], np.cumsum([len(group) for group in members])])
    free, able = np.full(problem.open.shape, np.inf), np.concatenate(members)
    days = days_of_weeks(np.arange(problem.weeks))

    def run(tries, seed, temperature, trade=0.5):
        return anneal(
            tries, np.random.default_rng(seed), temperature, 0.1, trade, free, able, first, days,
            problem.staff, problem.options, problem.offers, market, model.items, ledger,
        )  # fmt: skip

    return ledger, run


def worth(problem, model, ledger):
    return ledger.left @ model.items.cents + ledger.cents.sum() + purchase_cents(problem, ledger.blocks)


@pytest.mark.parametrize("seed", range(4))
def test_the_change_that_the_search_reports_is_the_change_of_its_plan(seed, opened):
    problem, model, ledger, run = opened
    before = worth(problem, model, ledger)

    change, kept = run(3000, seed, 500.0)

    assert kept > 0
    # Tariffs are rounded on the bill, not in the search.
    assert worth(problem, model, ledger) - before == pytest.approx(change, abs=1.0)


@pytest.mark.parametrize("seed", range(4))
def test_capacity_is_done_or_spare_and_nothing_is_lost(seed, opened):
    problem, model, ledger, run = opened

    run(3000, seed, 500.0)

    capacity = np.zeros(problem.open.shape, dtype=np.int64)
    heads = np.repeat(problem.max_heads[:, None], problem.slots, axis=1)
    agent, slot = np.nonzero(ledger.activity >= 0)
    np.add.at(capacity, (ledger.activity[agent, slot], slot), problem.staff.effect[agent])
    np.subtract.at(heads, (ledger.activity[agent, slot], slot), 1)
    offers = problem.offers
    for k in np.flatnonzero(ledger.blocks):
        open_slots = (
            np.flatnonzero(problem.open[offers.campaign[k], offers.first[k] : offers.last[k]]) + offers.first[k]
        )
        capacity[offers.campaign[k], open_slots] += ledger.blocks[k] * offers.effect[k]
        heads[offers.campaign[k], open_slots] -= ledger.blocks[k] * offers.seats[k]
    assert (ledger.heads == heads).all()
    assert (heads >= 0).all()
    assert (ledger.left >= 0).all()
    assert (ledger.spare >= 0).all()
    assert (ledger.done >= 0).all()
    assert ledger.done.sum() == (model.items.work - ledger.left).sum()
    assert ledger.done.sum() + ledger.spare.sum() == capacity.sum()


def test_what_is_taken_back_leaves_no_trace(opened):
    """Where nothing saves enough to be kept, all is taken back."""
    _, _, ledger, run = opened
    run(2000, 1, 500.0)
    before = [array.copy() for array in ledger[:11]]

    change, kept = run(2000, 2, -1e12)

    assert (change, kept) == (0.0, 0)
    assert [name for name, a, b in zip(ledger._fields, before, ledger, strict=False) if (a != b).any()] == []


@pytest.mark.parametrize("hours", [0.0, 12.5, 39.5, 40.0, 61.25, 200.0])
def test_tariffs_are_those_of_the_bill(hours, tiny_case, require):
    problem = compile_problem(tiny_case, require(tiny_case))
    market = build_market(problem)

    for index, partner in enumerate(tiny_case.partners):
        assert tariff(index, round(hours * 60), market) == pytest.approx(tariff_cents(partner, hours), abs=0.51)


def test_blocks_of_a_campaign_that_partners_must_have_still_move_to_where_the_work_is(tiny_case, require):
    tuesday_afternoon = range(48 + 26, 48 + 34)
    problem = compile_problem(tiny_case, require(tiny_case, service=[(t, t + 1, 20_000) for t in tuesday_afternoon]))
    model, offers = build_model(problem), problem.offers
    monday_morning = (offers.day == 0) & (offers.first < 24)
    state = construct(model, monday_morning.astype(np.int64), Prices.free(problem))
    due = np.bincount(offers.campaign, weights=offers.work * monday_morning, minlength=problem.campaigns).astype(int)
    # As many as must be, and no more: only an exchange keeps to both.
    ledger, run = searching(model, state, build_market(problem)._replace(floor=due, cap=due))
    for seed in range(20):
        run(500, seed, 1.0)

        assert (ledger.bought == due).all()

    assert offers.day[ledger.blocks > 0] == 1
    assert offers.first[ledger.blocks > 0] == 48 + 26
