"""One search: annealed until it is cold, then kicked block by block, and never dearer after a kick than before."""

from __future__ import annotations

import numpy as np
import pytest

from models.roster.compile import compile_problem
from models.roster.construct import construct
from models.roster.improve import KICK_FROM, KICK_ROUNDS, RUN_ROUNDS, search_rounds
from models.roster.objective import total_cents
from models.roster.prices import Prices
from models.roster.search import KICKED_DAYS, Search
from models.roster.state import build_model
from models.roster.watch import Limits, Watch, unheard
from wfm.progress import never, silent


@pytest.fixture
def begun(tiny_case, usual_work):
    """A case of one week, its requirement, the model, a first plan with blocks, and prices."""
    case = tiny_case
    requirement = usual_work(case, 3700)
    problem = compile_problem(case, requirement)
    model = build_model(problem)
    prices = Prices.of_shortage(problem)
    return case, requirement, model, construct(model, np.arange(len(problem.offers.partner)) % 2, prices), prices


@pytest.fixture
def watch(begun):
    """A watch whose clock stands still until told, over 100 seconds of search."""
    now = [0.0]
    watch = Watch(begun[2].problem, Limits(100.0), never, silent, unheard, lambda: now[0])
    watch.search_begins(1, proving=False)
    watch.now = now
    return watch


def test_a_week_is_annealed_once_and_then_kicked(begun, watch, monkeypatch):
    _, _, model, state, prices = begun
    done, kicks = [], []
    monkeypatch.setattr(Search, "round", lambda _, share: done.append(share))
    monkeypatch.setattr(Search, "kick", lambda _: kicks.append(len(done)))

    close = []
    for _, worth_it in search_rounds(model, state, prices, np.random.default_rng(0), watch):
        if worth_it:
            close.append(len(done))
        if len(kicks) == 3:
            break

    assert done[:RUN_ROUNDS] == pytest.approx(np.arange(RUN_ROUNDS) / RUN_ROUNDS)
    # Nothing paid, since no round did anything.
    assert close == [RUN_ROUNDS]
    assert kicks == [RUN_ROUNDS, RUN_ROUNDS + KICK_ROUNDS, RUN_ROUNDS + 2 * KICK_ROUNDS]
    assert done[RUN_ROUNDS] == KICK_FROM
    assert max(done[RUN_ROUNDS:]) < 1.0


def test_annealing_ends_at_the_limit(begun, watch, monkeypatch):
    _, _, model, state, prices = begun
    done = []
    monkeypatch.setattr(Search, "round", lambda _, share: done.append(share))

    for _, worth_it in search_rounds(model, state, prices, np.random.default_rng(0), watch):
        if worth_it:
            break
        watch.now[0] += 10.0

    assert done == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])


def test_plans_of_several_weeks_are_annealed_until_the_limit(law_case, usual_work, monkeypatch):
    case = law_case(0)
    problem = compile_problem(case, usual_work(case))
    model, prices = build_model(problem), Prices.of_shortage(problem)
    state = construct(model, np.zeros(len(problem.offers.partner), dtype=np.int64), prices)
    watch = Watch(problem, Limits(100.0), never, silent, unheard, lambda: 0.0)
    watch.search_begins(1, proving=False)
    done = []
    monkeypatch.setattr(Search, "round", lambda _, share: done.append(share))

    steps = search_rounds(model, state, prices, np.random.default_rng(0), watch)
    close = [worth_it for _, (_, worth_it) in zip(range(2 * RUN_ROUNDS), steps, strict=False)]

    assert not any(close)
    assert set(done) == {0.0}


def test_a_search_that_goes_on_is_as_cold_as_where_it_was_broken_off(begun, watch, monkeypatch):
    _, _, model, state, prices = begun
    done = []
    monkeypatch.setattr(Search, "round", lambda _, share: done.append(share))
    watch.done_before = 0.5

    next(rounds := search_rounds(model, state, prices, np.random.default_rng(0), watch))
    next(rounds)

    assert done == pytest.approx([0.5])


@pytest.mark.parametrize("seed", range(6))
def test_what_a_kick_leaves_is_lawful_and_changes_its_days_alone(seed, begun, violations_of):
    case, requirement, model, state, prices = begun
    before = Search(model, state, prices, np.random.default_rng(seed)).plan()
    search = Search(model, before, prices, np.random.default_rng(seed))

    search.kick()
    traded = search.plan()
    for share in np.linspace(KICK_FROM, 1.0, KICK_ROUNDS):
        search.round(float(share))
    plan = search.plan_with_best_activities()

    assert 1 <= np.abs(traded.blocks - before.blocks).sum() <= 2
    changed = np.flatnonzero((plan.tour != before.tour).any(axis=0))
    days = set(changed) | set(model.problem.offers.day[plan.blocks != before.blocks])
    assert 1 <= len(days) <= KICKED_DAYS
    assert violations_of(case, requirement, model, plan) == []


def test_kicks_never_make_a_plan_dearer(begun, watch):
    _, _, model, state, prices = begun
    found = []

    for number, (search, worth_it) in enumerate(search_rounds(model, state, prices, np.random.default_rng(1), watch)):
        if worth_it:
            found.append(total_cents(model.problem, model.items, search.plan()))
        watch.now[0] = 100.0  # cold after one round
        if number == 40 * KICK_ROUNDS:
            break

    assert len(found) > 1
    assert found == sorted(found, reverse=True)
