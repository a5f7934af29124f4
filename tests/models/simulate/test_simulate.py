"""Plans lived through from their documents."""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import pairwise

import numpy as np
import pytest

from models.engine.engine import Engine
from models.simulate.run import run
from models.simulate.scenario import scenario_of
from models.simulate.servers import absences
from models.simulate.simulate import simulate
from models.simulate.state import ANSWERED, OFFERED, PRESENT
from models.simulate.world import ABSENCE, ACTIVITY, OFF
from wfm.assumptions import Handling, Rates, Routing
from wfm.campaign import OpeningHours
from wfm.clock import PARIS
from wfm.demand import CampaignForecast, Forecast
from wfm.errors import WfmError
from wfm.plan import Segment, Shift
from wfm.requirement import CampaignRequirement, Requirement

HOW = {"rates": Rates.KNOWN, "handling": Handling.EXPONENTIAL, "routing": Routing.ROSTERED}


@pytest.fixture(scope="module")
def documents(tiny_case, tiny_requirement, tiny_plan, tiny_forecast):
    return tiny_case, tiny_requirement, tiny_plan, tiny_forecast


@pytest.fixture(scope="module")
def report(documents):
    return simulate(*documents, days=200, seed=3)


def test_days_are_whole_runs_of_the_plan(report):
    assert (report.runs, report.days) == (29, 203)
    assert report.events > 0


def test_every_contact_is_accounted_for(report):
    [service], [sales], [mail] = report.inbound, report.outbound, report.deferrable

    assert service.offered == service.answered + service.abandoned + service.sent_away > 0
    assert mail.arrived == mail.begun + mail.not_begun > 0
    assert 0 < sales.attempts <= 4 * sales.records
    assert service.service_level.low <= service.service_level.value <= service.service_level.high
    assert service.service_level_definition == "answered within target / offered"
    assert (service.target_service_level, service.promised_service_level) == (0.8, None)


def test_planned_contacts_are_those_of_the_work_covered(report, tiny_requirement):
    """Records x (1 - 0.8^4), of which the roster covers a share: 14 half-hours a day at 90 % of 8 agent-hours are asked."""
    [sales] = report.outbound
    records = sum(tiny_requirement.campaigns[1].volume)

    assert 0 < sales.covered_share <= 1
    assert sales.planned_contacts == pytest.approx(records * (1 - 0.8**4) * sales.covered_share)


def facts(found):
    return found.model_copy(update={"seconds": 0.0, "events_per_second": 0.0})


def test_ray_gives_the_same_report(documents, report):
    assert facts(simulate(*documents, days=200, seed=3, workers=1, engine=Engine("ray"))) == facts(report)


def test_the_same_seed_gives_the_same_report_with_any_number_of_workers(documents, report):
    assert facts(simulate(*documents, days=200, seed=3, workers=1)) == facts(report)
    assert facts(simulate(*documents, days=200, seed=4)) != facts(report)


def test_contacts_do_not_depend_on_the_roster(documents):
    """Common random numbers: two plans are compared on the same days."""
    case, requirement, plan, forecast = documents
    nobody = plan.model_copy(update={"shifts": (), "purchases": ()})

    with_agents, without = (
        run(scenario_of(case, requirement, each, forecast, **HOW), 3, seed=1).by_slot for each in (plan, nobody)
    )

    np.testing.assert_array_equal(with_agents[:, :, OFFERED], without[:, :, OFFERED])
    assert with_agents[:, :, ANSWERED].sum() > 0
    assert without[:, :, ANSWERED].sum() == 0


def test_promises_are_weighted_by_volume(documents):
    case, requirement, plan, forecast = documents
    volume = np.array(requirement.campaigns[0].volume)
    volume[20] = 30.0
    level = np.where(volume > 0, 0.8, 0.0)
    level[20] = 0.95
    promised = requirement.campaigns[0].model_copy(
        update={
            "volume": tuple(volume.tolist()),
            "service_level": tuple(level.tolist()),
            "service_level_definition": "answered within target / answered",
        }
    )
    other = requirement.model_copy(update={"campaigns": (promised, *requirement.campaigns[1:])})
    same = plan.model_copy(update={"requirement_hash": other.content_hash()})

    [service] = simulate(case, other, same, forecast, days=7).inbound

    assert service.promised_service_level == pytest.approx((volume * level).sum() / volume.sum())
    assert service.service_level_definition == "answered within target / answered"


def test_a_definition_that_nobody_knows_is_refused(documents):
    case, requirement, plan, forecast = documents
    odd = requirement.campaigns[0].model_copy(update={"service_level_definition": "as we feel"})
    other = requirement.model_copy(update={"campaigns": (odd, *requirement.campaigns[1:])})
    same = plan.model_copy(update={"requirement_hash": other.content_hash()})

    with pytest.raises(WfmError, match="as we feel"):
        simulate(case, other, same, forecast, days=7)


@pytest.mark.parametrize("which", [1, 2, 3])
def test_documents_of_different_cases_are_refused(documents, which):
    mixed = list(documents)
    mixed[which] = mixed[which].model_copy(update={"case_hash": "0" * 64})

    with pytest.raises(WfmError, match="Plan again"):
        simulate(*mixed, days=7)


def test_servers_are_agents_and_seats(documents):
    """Three agents and two seats of productivity 0.9, from 08:00 to 12:00 in Rabat; breaks and idle time serve nobody."""
    case, requirement, plan, forecast = documents
    servers = scenario_of(case, requirement, plan, forecast, **HOW).servers

    assert servers.speed.tolist() == [1.0, 1.0, 1.0, 0.9, 0.9]
    assert (servers.roster.kind == ACTIVITY).all()
    of_first = [
        (seconds / 3600, value)
        for seconds, who, value in zip(
            servers.roster.seconds, servers.roster.subject, servers.roster.value, strict=True
        )
        if who == 0 and seconds < 86_400
    ]
    assert of_first == [(9.0, 0), (12.0, OFF), (13.0, 2), (17.0, OFF)]
    of_seat = servers.roster.seconds[servers.roster.subject == 4] / 3600
    assert of_seat.tolist() == [8.0, 12.0]


def test_pooled_agents_are_grouped_by_what_they_can_answer(documents):
    case, requirement, plan, forecast = documents
    world = scenario_of(case, requirement, plan, forecast, **HOW | {"routing": Routing.POOLED}).world

    assert world.serves[world.group[0]].tolist() == [True, False, False]  # life; only inbound campaigns are pooled
    assert world.serves[world.group[2]].tolist() == [False, False, False]  # sales alone
    assert world.group[3:].tolist() == [OFF, OFF]  # seats


def test_every_minute_of_a_shift_is_lost_with_the_same_chance(documents):
    case, requirement, plan, forecast = documents
    site = case.sites[0].model_copy(update={"unplanned_shrinkage": 0.3})
    other = case.model_copy(update={"sites": (site,)})
    digest = other.content_hash()
    requirement = requirement.model_copy(update={"case_hash": digest})
    plan = plan.model_copy(update={"case_hash": digest, "requirement_hash": requirement.content_hash()})
    forecast = forecast.model_copy(update={"case_hash": digest})
    servers = scenario_of(other, requirement, plan, forecast, **HOW).servers
    shift = int(np.flatnonzero(servers.shift_server == 0)[0])
    start, end = servers.shift_start[shift], servers.shift_end[shift]
    moments = np.linspace(start + 60, end - 60, 9)

    away = np.zeros((3000, 9))
    for draw in range(3000):
        drawn = absences(servers, np.random.default_rng(draw))
        mine = (drawn.subject == 0) & (drawn.seconds >= start) & (drawn.seconds <= end)
        assert (drawn.kind == ABSENCE).all()
        for seconds, value in zip(drawn.seconds[mine], drawn.value[mine], strict=True):
            away[draw] += value * (moments >= seconds)

    assert set(np.unique(away)) == {0.0, 1.0}
    np.testing.assert_allclose(away.mean(axis=0), 0.3, atol=0.03)
    assert away.mean(axis=1).max() < 0.75  # part of the day: at most 0.6 of it, here by nine moments


@pytest.fixture(scope="module")
def autumn(tiny_case, tiny_plan):
    """The week in which clocks go back in Paris: three agents all the week round, contacts at all hours, twice as many in the
    second half of each day.
    """
    case = tiny_case.model_copy(
        update={
            "first_day": date(2026, 10, 19),
            "as_of": date(2026, 10, 1),
            "sites": (tiny_case.sites[0].model_copy(update={"time_zone": PARIS}),),
            "campaigns": tiny_case.campaigns[:1],
            "opening_hours": tuple(
                OpeningHours(campaign="service", weekday=day, opens=time(0), closes=time(0)) for day in range(1, 8)
            ),
        }
    )
    grid = case.grid
    edges = grid.day_first_slots(case.first_day, case.days, case.home_zone)
    mean = np.concatenate([np.repeat([4.0, 8.0], [(b - a) // 2, (b - a) - (b - a) // 2]) for a, b in pairwise(edges)])
    forecast = CampaignForecast(
        campaign="service",
        mean=tuple(mean.tolist()),
        quantiles=(tuple(mean.tolist()),) * 13,
        aht_seconds=(300.0,) * grid.slots,
        days=tuple(case.first_day + timedelta(days=day) for day in range(7)),
        day_mean=tuple(np.add.reduceat(mean, edges[:-1]).tolist()),
        day_quantiles=(tuple(np.add.reduceat(mean, edges[:-1]).tolist()),) * 13,
        reach_rate=None,
        method="by hand",
    )
    wanted = CampaignRequirement(
        campaign="service",
        items=(),
        volume=forecast.mean,
        aht_seconds=forecast.aht_seconds,
        net_agents=(0.0,) * grid.slots,
        service_level=None,
        service_level_definition=None,
        method="by hand",
    )
    digest = case.content_hash()
    requirement = Requirement(case_hash=digest, grid=grid, campaigns=(wanted,))
    shifts = tuple(
        Shift(
            agent=agent.id,
            day=case.first_day,
            pattern="day",
            segments=(Segment(activity="service", first_slot=0, slots=grid.slots),),
        )
        for agent in case.agents
    )
    plan = tiny_plan.model_copy(
        update={
            "case_hash": digest,
            "requirement_hash": requirement.content_hash(),
            "grid": grid,
            "shifts": shifts,
            "purchases": (),
        }
    )
    return case, requirement, plan, Forecast(case_hash=digest, seed=0, grid=grid, campaigns=(forecast,))


def test_a_day_of_25_hours_has_25_hours_of_contacts_and_agents(autumn):
    scenario = scenario_of(*autumn, **HOW)
    outcome = run(scenario, 200, seed=1)

    assert np.diff([*scenario.day_starts, autumn[0].grid.slots]).tolist() == [48] * 6 + [50]
    offered = outcome.by_slot[:, 0, OFFERED] / 200
    np.testing.assert_allclose(offered, scenario.volumes[0].mean, atol=4.5 * np.sqrt(8 / 200))
    per_day = outcome.by_day[:, :, 0].mean(axis=0)
    np.testing.assert_allclose(per_day[:, OFFERED], [288] * 6 + [300], rtol=0.02)
    # Three agents, a tenth of their time lost: days of 24 and of 25 hours.
    np.testing.assert_allclose(per_day[:, PRESENT] / 3600, [3 * 0.9 * 24] * 6 + [3 * 0.9 * 25], rtol=0.05)


def test_a_run_without_room_for_all_who_wait_begins_again(autumn, monkeypatch):
    case, requirement, plan, forecast = autumn
    patient = case.model_copy(update={"campaigns": (case.campaigns[0].model_copy(update={"patience_seconds": None}),)})
    digest = patient.content_hash()
    requirement = requirement.model_copy(update={"case_hash": digest})
    plan = plan.model_copy(update={"case_hash": digest, "requirement_hash": requirement.content_hash(), "shifts": ()})
    scenario = scenario_of(patient, requirement, plan, forecast.model_copy(update={"case_hash": digest}), **HOW)

    wide = run(scenario, 2, seed=1)
    monkeypatch.setattr("models.simulate.run.ROOM", 10)
    narrow = run(scenario, 2, seed=1)

    assert wide.by_slot[:, 0, OFFERED].sum() > 2000
    np.testing.assert_array_equal(narrow.by_slot, wide.by_slot)
