"""Work done in the idle time of inbound agents: the queue against its Markov chain, and requirements by hand."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from models.staffing.blended_queue import CERTAIN, blended, kept_free
from models.staffing.blending import KAPPA, usable_share
from models.staffing.erlang import performance
from models.staffing.requirement import build_requirement
from wfm.case import Case
from wfm.opening import open_slots

CALL, PATIENCE = 240.0, 150.0
MOST = 70


def filled(state, agents, kept):
    calls, mails = state
    return calls, mails + max(0, agents - kept - calls - mails)


def chain(agents, load, kept, mail):
    """P(no wait) and agents on mails, of which there are always some: calls in the system and mails in hand."""
    states = [s for s in product(range(MOST + 1), range(agents + 1)) if filled(s, agents, kept) == s]
    number = {state: at for at, state in enumerate(states)}
    balance = np.zeros((len(states), len(states)))
    for calls, mails in states:
        in_hand = min(calls, agents - mails)
        moves = [((calls + 1, mails), load / CALL)] * (calls < MOST)
        if calls:
            leave = in_hand / CALL
            moves.append((filled((calls - 1, mails), agents, kept), leave))
            moves.append(((calls - 1, mails), (calls - in_hand) / PATIENCE))
        if mails:
            moves.append((filled((calls, mails - 1), agents, kept), mails / mail))
        for following, rate in moves:
            if rate:
                balance[number[following], number[calls, mails]] += rate
                balance[number[calls, mails], number[calls, mails]] -= rate
    balance[-1] = 1.0
    weights = np.linalg.solve(balance, np.eye(len(states))[-1])
    answered = sum(weight for state, weight in zip(states, weights, strict=True) if sum(state) < agents)
    return answered, sum(weight * state[1] for state, weight in zip(states, weights, strict=True))


@pytest.mark.parametrize(("agents", "load", "kept"), [(6, 3.0, 1), (6, 3.0, 2), (12, 8.0, 3)])
def test_contacts_of_one_length_are_exact(agents, load, kept):
    level, work, seconds = blended(agents, load, CALL, 0.0, PATIENCE, kept, CALL)
    answered, mails = chain(agents, load, kept, CALL)

    assert level == pytest.approx(answered, abs=1e-9)
    assert work == pytest.approx(mails, abs=1e-7)
    assert seconds == pytest.approx(CALL)


@pytest.mark.parametrize("mail", [120.0, 480.0, 960.0])
@pytest.mark.parametrize(("agents", "load", "kept"), [(6, 3.0, 2), (12, 8.0, 3)])
def test_contacts_of_other_lengths_are_near(agents, load, kept, mail):
    level, work, _ = blended(agents, load, CALL, 0.0, PATIENCE, kept, mail)
    answered, mails = chain(agents, load, kept, mail)

    assert level == pytest.approx(answered, abs=0.03)
    assert work == pytest.approx(mails, rel=0.06)


@pytest.mark.parametrize("patience", [PATIENCE, np.inf])
def test_with_everybody_kept_free_it_is_erlangs_queue(patience):
    level, work, _ = blended(10, 8.0, CALL, 20.0, patience, 10, 300.0)

    assert level == pytest.approx(float(performance(10, 8.0, CALL, 20.0, patience).service_level), abs=1e-12)
    assert work == 0.0


def test_more_agents_kept_free_answer_more_and_work_off_less():
    rows = [blended(30, 22.0, CALL, 20.0, PATIENCE, kept, 400.0)[:2] for kept in range(1, 9)]

    levels, work = np.array(rows).T
    assert (np.diff(levels) > 0).all()
    assert (np.diff(work) < 0).all()


def test_so_many_stay_free_that_most_is_won():
    """By trying all: with `more` agents the level is reached again, and what is won is the work less those."""

    def won(kept):
        for more in range(8):
            if blended(30 + more, 22.0, CALL, 20.0, PATIENCE, kept, 400.0)[0] >= 0.8:
                return 0.8 * blended(30 + more, 22.0, CALL, 20.0, PATIENCE, kept, 400.0)[1] - CERTAIN * more
        return -np.inf

    found = kept_free(30, 22.0, CALL, 20.0, PATIENCE, 400.0, 0.8, 0.8)

    assert won(found) >= max(won(kept) for kept in range(1, 20)) - 1.0  # whole agents here, fractional ones there
    assert kept_free(30, 22.0, CALL, 20.0, PATIENCE, 400.0, 0.8, 0.0) == -1


@pytest.fixture(scope="module")
def case(tiny_case, change_campaign) -> Case:
    """Mails may be worked by the service line's agents, who all know them; no partner answers its calls."""
    blended_case = change_campaign(tiny_case, "mail", blended_with="service")
    return Case.model_validate(blended_case.model_dump() | {"partners": []})


def requirements(case, make_forecast, calls=240.0, mails=24.0):
    forecast = make_forecast(case, volume={"service": calls, "mail": mails}, aht={"service": CALL, "mail": 360.0})
    apart = [entry.model_dump() | {"blended_with": None} for entry in case.campaigns]
    alone = Case.model_validate(case.model_dump() | {"campaigns": apart})
    without = build_requirement(alone, forecast.model_copy(update={"case_hash": alone.content_hash()}))
    return (
        {entry.campaign: entry for entry in without.campaigns},
        {entry.campaign: entry for entry in build_requirement(case, forecast).campaigns},
    )


def test_what_idle_time_gives_is_taken_off_the_work(case, make_forecast):
    before, after = requirements(case, make_forecast)
    blending = after["mail"].blending

    assert before["mail"].work - after["mail"].work == round(1000 * sum(blending.agents))
    assert sum(blending.agents) > 0.1 * before["mail"].work / 1000
    assert sum(after["mail"].net_agents) == pytest.approx(after["mail"].work / 1000)
    assert all(item.work >= 0 for item in after["mail"].items)
    assert "done in the idle time of service" in after["mail"].method


def test_calls_keep_their_promise_with_more_agents(case, make_forecast):
    before, after = requirements(case, make_forecast)
    busy = np.array(after["mail"].blending.kept) >= 0

    more = np.array(after["service"].net_agents) - np.array(before["service"].net_agents)
    level = np.array(after["service"].service_level)
    assert busy.any()
    assert (more >= 0).all()
    assert (more[~busy] == 0).all()
    assert level[busy].min() >= 0.8 - 0.01
    assert level[busy].mean() < np.array(before["service"].service_level)[busy].mean() + 0.01
    saved = before["mail"].work - after["mail"].work
    assert 1000 * more.sum() < saved


def test_idle_time_gives_at_most_its_share(case, make_forecast):
    """Mails without end: what is taken off is at most KAPPA of the time in which nobody calls."""
    _, after = requirements(case, make_forecast, mails=400.0)
    service, blending = after["service"], after["mail"].blending
    load = np.array(service.volume) * CALL / 1800

    idle = np.array(service.net_agents) - 0.8 * load  # at least the calls answered in time are served
    busy = np.array(blending.kept) >= 0
    assert (np.array(blending.agents)[busy] <= KAPPA * idle[busy]).all()
    assert sum(blending.agents) > 0.2 * (np.array(service.net_agents) - load)[busy].sum()


def test_without_work_nothing_changes(case, make_forecast):
    before, after = requirements(case, make_forecast, mails=0.0)

    assert after == before


def test_who_lacks_the_skill_gives_nothing(case, change_campaign, make_forecast):
    before, after = requirements(change_campaign(case, "mail", skill="sales", min_level=5), make_forecast)

    assert after["service"] == before["service"]
    assert after["mail"].items == before["mail"].items
    assert after["mail"].blending is None
    assert "nothing of the idle time of service" in after["mail"].method


def test_the_usable_share_is_that_of_own_agents_with_both_skills(tiny_case, case, change_campaign):
    service, mail = case.campaign_by_id["service"], case.campaign_by_id["mail"]
    assert usable_share(case, service, mail) == 1.0
    assert usable_share(case, service, case.campaign_by_id["sales"]) == 0.5  # of A1 and A2, A1 knows sales
    assert usable_share(tiny_case, service, mail) == 0.0  # a partner may answer all calls
    kept = change_campaign(tiny_case, "service", min_inhouse_share=0.6)
    assert usable_share(kept, kept.campaign_by_id["service"], mail) == 0.6


def test_nobody_blends_while_a_campaign_is_closed(case, make_forecast):
    late = [entry.model_dump() for entry in case.opening_hours]
    for entry in late:
        if entry["campaign"] == "mail":
            entry["opens"] = entry["opens"].replace(hour=12)
    shifted = Case.model_validate(case.model_dump() | {"opening_hours": late})
    _, after = requirements(shifted, make_forecast)

    kept = np.array(after["mail"].blending.kept)
    assert (kept[~open_slots(shifted, shifted.campaign_by_id["mail"])] == -1).all()
    assert (kept >= 0).any()
