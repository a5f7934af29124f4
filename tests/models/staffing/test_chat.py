"""Agents who handle several contacts at once, against Erlang's values by hand and against the simulator."""

from __future__ import annotations

import numpy as np
import pytest

from models.promise import live_through
from models.simulate.servers import absences, servers_of
from models.simulate.world import ABSENCE
from models.staffing.erlang import fractional_agents
from models.staffing.requirement import build_requirement
from wfm.assumptions import Rates
from wfm.case import Case
from wfm.opening import open_slots


@pytest.fixture(scope="module")
def chat_case(tiny_case) -> Case:
    """Two chats at once; nobody is missing."""
    dump = tiny_case.model_dump()
    service, *others = dump["campaigns"]
    site = dump["sites"][0] | {"unplanned_shrinkage": 0.0}
    return Case.model_validate(dump | {"campaigns": [service | {"concurrency": 2}, *others], "sites": [site]})


def test_half_the_servers_are_agents(chat_case, make_forecast):
    forecast = make_forecast(chat_case, volume={"service": 50.0}, aht={"service": 300.0})

    entry = build_requirement(chat_case, forecast).campaigns[0]

    late = np.flatnonzero(open_slots(chat_case, chat_case.campaigns[0]))[8]
    servers = fractional_agents(50 * 300 / 1800, 300, 0.8, 20, patience_seconds=120, max_occupancy=0.85).agents
    assert entry.net_agents[late] == pytest.approx(float(servers) / 2, abs=0.01)
    assert "2 contacts at once by each agent" in entry.method


def test_each_agent_has_two_hands_who_are_away_together(chat_case, make_plan, make_shift):
    plan = make_plan(
        chat_case, [make_shift("A1", 0, 9, ("service", 6), ("mail", 4)), make_shift("A2", 0, 9, ("mail", 9))]
    )
    is_open = np.array([open_slots(chat_case, campaign) for campaign in chat_case.campaigns])

    servers = servers_of(chat_case, plan, is_open, pooled=True)
    lost = servers.__class__(**{**servers.__dict__, "shift_lost": np.full(2, 0.3)})
    away = absences(lost, np.random.default_rng(1))

    assert len(servers.speed) == 3  # A1, A2, and A1's other hand, which serves chats alone
    assert servers.roster.value[servers.roster.subject == 2].tolist() == [0, -1, -1]
    assert not servers.serves[:, 0].any()  # nobody helps out on chats
    assert set(away.kind.tolist()) == {ABSENCE}
    first, other = (
        [away.seconds[away.subject == who].tolist(), away.value[away.subject == who].tolist()] for who in (0, 2)
    )
    assert first == other


def test_the_promise_to_chats_is_kept(chat_case, make_forecast, make_plan, make_shift):
    """Both agents chat with two customers at once on five days; the formulas and the simulator agree on the outcome."""
    forecast = make_forecast(chat_case, volume={"service": 14.0}, aht={"service": 300.0})
    requirement = build_requirement(chat_case, forecast)
    shifts = [
        make_shift(agent, day, start, ("service", 16)) for day in range(5) for agent, start in (("A1", 8), ("A2", 8))
    ]
    plan = make_plan(chat_case, shifts, requirement=requirement)

    report = live_through(chat_case, requirement, plan, forecast, days=1400, rates=Rates.KNOWN, seed=2)

    [chat] = report.inbound
    assert chat.service_level.high - chat.service_level.low < 0.01
    assert chat.service_level.value == pytest.approx(chat.rostered_service_level, abs=0.01)
    assert chat.occupancy.value < 0.75  # of hands, not of agents: 2.3 erlangs on four hands
