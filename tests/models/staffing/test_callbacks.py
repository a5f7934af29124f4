"""The work of callbacks follows from the waits of the campaign whose callers they are."""

from __future__ import annotations

import numpy as np
import pytest

from models.promise import live_through
from models.staffing.callbacks import still_waiting
from models.staffing.offered_load import modified_offered_load
from models.staffing.requirement import build_requirement
from wfm.assumptions import Rates
from wfm.opening import open_slots


@pytest.fixture(scope="module")
def case(tiny_case, change_campaign):
    return change_campaign(tiny_case, "mail", callback_of="service", callback_seconds=15.0, callback_share=0.5)


@pytest.fixture(scope="module")
def forecast(case, make_forecast):
    return make_forecast(case, volume={"service": 60.0, "mail": 7.0}, aht={"service": 300.0, "mail": 240.0})


def test_the_volume_by_hand(case, forecast):
    service, _, mail = build_requirement(case, forecast).campaigns
    is_open = open_slots(case, case.campaigns[0])
    slot = int(np.flatnonzero(is_open)[6])
    load = modified_offered_load(60.0 * is_open, np.full(len(is_open), 300.0), is_open, 1800)[slot]
    agents = service.net_agents[slot]
    fewer, more = (float(still_waiting(n, load, 300, 15, 120)) for n in (int(agents), int(agents) + 1))

    share = fewer + (agents - int(agents)) * (more - fewer)
    assert mail.volume[slot] == pytest.approx(60 * 0.5 * share)
    assert sum(mail.volume) > 1
    assert mail.work == pytest.approx(sum(mail.volume) * 240 / 0.85 / 1800 * 1000, abs=len(mail.items))
    assert "callbacks: 50% of who still waits for service after 15 s" in mail.method


def test_simulated_callbacks_come_from_the_queue(case, forecast, make_plan, make_shift):
    """Three agents are far too few for ten erlangs, so many wait: who does is called back, and nobody else is."""
    requirement = build_requirement(case, forecast)
    shifts = [make_shift(name, 0, 9, ("service", 8), ("mail", 6)) for name in ("A1", "A2")]

    report = live_through(
        case, requirement, make_plan(case, shifts, requirement=requirement), forecast, days=70, rates=Rates.KNOWN
    )

    [service], [mail] = report.inbound, report.deferrable
    assert service.offered == service.answered + service.abandoned + service.sent_away + service.called_back
    assert mail.arrived == service.called_back > 100
