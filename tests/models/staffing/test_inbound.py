from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import binom

from models.staffing.erlang import performance, required_agents
from models.staffing.offered_load import modified_offered_load
from models.staffing.requirement import build_requirement
from wfm.case import Case
from wfm.demand import Forecast
from wfm.errors import WfmError
from wfm.opening import open_slots
from wfm.requirement import CampaignRequirement

MakeForecast = Callable[..., Forecast]
Change = Callable[..., Case]


def service(case: Case, make: MakeForecast, volume: object, aht: float = 300.0) -> CampaignRequirement:
    forecast = make(case, volume={"service": volume}, aht={"service": aht})
    return next(r for r in build_requirement(case, forecast).campaigns if r.campaign == "service")


def attended(agents: float, load: float) -> float:
    """Service level of heads of whom 10 % are missing; linear between whole heads."""
    heads = agents / 0.9
    levels = performance(np.arange(40), load, 300, 20, 120).service_level
    low, high = (sum(binom.pmf(k, n, 0.9) * levels[k] for k in range(n + 1)) for n in (int(heads), int(heads) + 1))
    return float(low + (heads - int(heads)) * (high - low))


def test_staffed_by_hand(tiny_case: Case, make_forecast: MakeForecast) -> None:
    """50 calls of 300 s per half-hour, 80/20, patience 120 s, occupancy at most 85 %; of rostered agents 10 % are missing."""
    requirement = service(tiny_case, make_forecast, 50.0)
    is_open = open_slots(tiny_case, tiny_case.campaign_by_id["service"])
    first = int(np.flatnonzero(is_open)[0])
    agents = np.array(requirement.net_agents)
    loads = modified_offered_load(50.0 * is_open, np.full(len(is_open), 300.0), is_open, 1800)

    assert is_open.sum() == 5 * 18
    assert loads[first] == pytest.approx(50 / 6 * (1 - (1 - np.exp(-6)) / 6))  # the system fills up first
    assert requirement.service_level is not None
    for slot in (first, first + 5):
        whole = int(required_agents(loads[slot], 300, 0.8, 20, patience_seconds=120, max_occupancy=0.85))
        assert whole - 1 < agents[slot] <= whole + 1
        assert requirement.service_level[slot] >= 0.8 - 1e-2

    assert requirement.service_level[first + 5] == pytest.approx(attended(agents[first + 5], loads[slot]), abs=1e-3)
    assert requirement.service_level_definition == "answered within target / offered"
    assert "Erlang A" in requirement.method


def test_one_item_per_open_slot_and_nothing_when_closed(tiny_case: Case, make_forecast: MakeForecast) -> None:
    requirement = service(tiny_case, make_forecast, 50.0)
    is_open = open_slots(tiny_case, tiny_case.campaign_by_id["service"])

    assert [item.first_slot for item in requirement.items] == np.flatnonzero(is_open).tolist()
    assert all(item.last_slot == item.first_slot + 1 for item in requirement.items)
    assert [item.work / 1000 for item in requirement.items] == [
        requirement.net_agents[s] for s in np.flatnonzero(is_open)
    ]
    assert not np.array(requirement.net_agents)[~is_open].any()


def test_more_calls_never_need_fewer_agents(tiny_case: Case, make_forecast: MakeForecast) -> None:
    needs = [np.array(service(tiny_case, make_forecast, v).net_agents) for v in (0.0, 0.01, 1.0, 7.0, 20.0, 21.0, 90.0)]

    assert not needs[0].any()
    for fewer, more in pairwise(needs):
        assert (more >= fewer).all()


def test_a_thin_queue_needs_a_share_of_an_agent(tiny_case: Case, make_forecast: MakeForecast) -> None:
    agents = np.array(service(tiny_case, make_forecast, 0.01).net_agents)

    assert agents.max() == pytest.approx(0.8, abs=0.01)


def test_an_interval_without_calls_needs_nobody(tiny_case: Case, make_forecast: MakeForecast) -> None:
    is_open = open_slots(tiny_case, tiny_case.campaign_by_id["service"])
    volume = 20.0 * is_open
    quiet = int(np.flatnonzero(is_open)[4])
    volume[quiet] = 0

    requirement = service(tiny_case, make_forecast, volume)

    assert requirement.net_agents[quiet] == 0
    assert requirement.service_level is not None
    assert requirement.service_level[quiet] == 0
    assert requirement.net_agents[quiet + 1] > 0


def test_erlang_c_without_patience_needs_more(
    tiny_case: Case, make_forecast: MakeForecast, change_campaign: Change
) -> None:
    endless = change_campaign(tiny_case, "service", patience_seconds=None)
    hurried, waiting = (service(case, make_forecast, 50.0) for case in (tiny_case, endless))

    assert "Erlang C" in waiting.method
    assert waiting.work >= hurried.work


def test_the_occupancy_cap_binds(tiny_case: Case, make_forecast: MakeForecast, change_campaign: Change) -> None:
    case = change_campaign(tiny_case, "service", service_level=0.01, patience_seconds=None)
    is_open = open_slots(case, case.campaign_by_id["service"])

    agents = np.array(service(case, make_forecast, 50.0).net_agents)
    loads = modified_offered_load(50.0 * is_open, np.full(len(is_open), 300.0), is_open, 1800)

    assert agents == pytest.approx(loads / 0.85, abs=1e-3)


def test_volume_in_a_closed_slot_is_refused(tiny_case: Case, make_forecast: MakeForecast) -> None:
    volume = np.zeros(tiny_case.grid.slots)
    volume[0] = 3

    with pytest.raises(WfmError, match="service is closed in slot 0, but 3 contacts"):
        service(tiny_case, make_forecast, volume)


def test_a_missing_target_is_named(tiny_case: Case, make_forecast: MakeForecast, change_campaign: Change) -> None:
    without = change_campaign(tiny_case, "service", service_level=None)

    with pytest.raises(WfmError, match=r"service is inbound but has no service_level\. Fill that column"):
        service(without, make_forecast, 5.0)
