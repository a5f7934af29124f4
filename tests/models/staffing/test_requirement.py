from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from models.staffing.requirement import build_requirement
from wfm.case import Case
from wfm.demand import Forecast
from wfm.errors import WfmError
from wfm.opening import open_slots
from wfm.requirement import Requirement

MakeForecast = Callable[..., Forecast]
VOLUME = {"service": 20.0, "sales": 8.0, "mail": 5.0}


def test_every_campaign_in_the_order_of_the_case(tiny_case: Case, make_forecast: MakeForecast) -> None:
    forecast = make_forecast(tiny_case, volume=VOLUME)

    requirement = build_requirement(tiny_case, forecast)

    assert requirement.case_hash == forecast.case_hash
    assert requirement.grid == tiny_case.grid
    assert [entry.campaign for entry in requirement.campaigns] == ["service", "sales", "mail"]
    for entry, campaign in zip(requirement.campaigns, tiny_case.campaigns, strict=True):
        is_open = open_slots(tiny_case, campaign)
        series = (entry.volume, entry.aht_seconds, entry.net_agents)
        assert {len(values) for values in series} == {tiny_case.grid.slots}
        assert not np.array(entry.net_agents)[~is_open].any()
        assert sum(entry.net_agents) == pytest.approx(entry.work / 1000)
        assert "before shrinkage" in entry.method
        for earlier, later in pairwise(entry.items):
            assert earlier.first_slot <= later.first_slot
            assert earlier.last_slot <= later.last_slot
    assert Requirement.from_json(requirement.canonical_json()) == requirement


def test_shrinkage_is_left_to_the_roster(tiny_case: Case, make_forecast: MakeForecast) -> None:
    dump = tiny_case.model_dump()
    dump["sites"] = [dump["sites"][0] | {"unplanned_shrinkage": 0.4}]
    sickly = Case.model_validate(dump)
    plain, other = (build_requirement(c, make_forecast(c, volume=VOLUME)) for c in (tiny_case, sickly))

    inbound, *rest = zip(plain.campaigns, other.campaigns, strict=True)
    assert all(one.items == another.items for one, another in rest)
    assert 1.0 < inbound[1].work / inbound[0].work < 1.1  # that it is not known who is missing costs a little


def test_nothing_expected_needs_nothing(tiny_case: Case, make_forecast: MakeForecast) -> None:
    requirement = build_requirement(tiny_case, make_forecast(tiny_case, volume={}))

    assert sum(entry.work for entry in requirement.campaigns) == 0


def test_a_forecast_of_something_else_is_refused(tiny_case: Case, make_forecast: MakeForecast) -> None:
    forecast = make_forecast(tiny_case, volume=VOLUME)
    fortnight = Case.model_validate(tiny_case.model_dump() | {"days": 14})
    partial = forecast.model_copy(update={"campaigns": forecast.campaigns[1:]})

    with pytest.raises(WfmError, match=r"covers 336 intervals .* the case 672"):
        build_requirement(fortnight, forecast)
    with pytest.raises(WfmError, match="lacks campaign"):
        build_requirement(tiny_case, partial)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("mean", -1.0, "negative or missing volume"),
        ("mean", float("nan"), "negative or missing volume"),
        ("aht_seconds", 0.0, "volume without a handling time"),
    ],
)
def test_figures_that_cannot_be_staffed_are_refused(
    field: str, value: float, message: str, tiny_case: Case, make_forecast: MakeForecast
) -> None:
    forecast = make_forecast(tiny_case, volume=VOLUME)
    slot = int(np.flatnonzero(open_slots(tiny_case, tiny_case.campaigns[0]))[3])
    values = list(getattr(forecast.campaigns[0], field))
    values[slot] = value
    bad = forecast.campaigns[0].model_copy(update={field: tuple(values)})

    with pytest.raises(WfmError, match=f"service has a? ?{message}"):
        build_requirement(tiny_case, forecast.model_copy(update={"campaigns": (bad, *forecast.campaigns[1:])}))
