"""Lines below what capacity of blocks leaves, and what they add where offers of different effect count together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.roster import segments as segments_module
from models.roster.compile import compile_problem
from models.roster.daybuy import choose, day_programs
from models.roster.hull import lines_below
from models.roster.prices import Prices
from models.roster.segments import own_lattice, segments_of
from models.roster.undone import least_cost


@pytest.fixture
def two_effects(tiny_case, rebuild):
    """Two partners whose seats do different work for the same campaigns at the same hours."""
    one = tiny_case.partners[0].model_dump() | {"seats": 8, "current_seats": 8}
    other = one | {"id": "fes"}
    for partner, productivity in ((one, 0.8), (other, 1.1)):
        partner["certifications"] = [{"campaign": "service", "productivity": productivity}]
    return rebuild(tiny_case, partners=(one, other))


def priced(problem, seed):
    return replace(Prices.free(problem), work=np.random.default_rng(seed).uniform(0.0, 1.6, problem.open.shape))


def many_times(requirement, factor):
    entries = [
        entry.model_copy(
            update={"items": tuple(item.model_copy(update={"work": factor * item.work}) for item in entry.items)}
        )
        for entry in requirement.campaigns
    ]
    return requirement.model_copy(update={"campaigns": tuple(entries)})


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("factor", [1, 7])
def test_no_capacity_leaves_less_than_the_lines_say(seed, factor, two_effects, usual_work):
    problem = compile_problem(two_effects, many_times(usual_work(two_effects), factor))
    prices = priced(problem, seed)

    for segment in segments_of(problem):
        price = prices.work[segment.campaign, segment.slots]
        lattice = own_lattice(problem, segment.campaign, int(segment.left.max()))
        none, fall = lines_below(problem, segment, price, lattice)

        work = problem.work[segment.items]
        capacity = np.arange(int(work.max()) + 2000)
        left = np.maximum(0, work - capacity[:, None])
        cents = least_cost(left, segment.items, price, lattice, problem.undone).sum(axis=1)
        lines = (none - fall * capacity[:, None]).max(axis=1)
        assert (lines <= cents + 1e-6 * cents.max()).all()
        assert (fall >= 0).all()
        # The lines say nearly all there is to say where nothing is bought, and where everything is.
        assert lines[0] >= 0.99 * cents[0]
        assert lines[work.max()] >= cents[-1] - 0.01 * cents[0]


def test_what_counts_together_is_seen_by_its_capacity(two_effects, usual_work, monkeypatch):
    problem = compile_problem(two_effects, many_times(usual_work(two_effects), 20))
    prices = priced(problem, 0)
    nothing = np.zeros(len(problem.case.partners)), np.zeros(problem.campaigns)

    def least(most_vectors, lines):
        monkeypatch.setattr(segments_module, "MOST_VECTORS", most_vectors)
        with monkeypatch.context() as patch:
            if not lines:
                patch.setattr("models.roster.daybuy.lines_below", lambda *_: (np.zeros(1), np.zeros(1)))
            programs = day_programs(problem, prices, segments_of(problem))
        return sum(choose(problem, program, *nothing, time_limit=60.0)[0] for program in programs)

    exact, together, blind = least(10**9, lines=True), least(0, lines=True), least(0, lines=False)

    assert blind < together <= exact + 1e-6 * exact
    assert exact - together < 0.25 * (exact - blind)
