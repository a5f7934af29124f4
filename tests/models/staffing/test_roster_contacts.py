"""What is done of uncertain outbound work, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from models.staffing.rates import days_of, expected_factors, rate_spread
from models.staffing.roster_contacts import worked_shares
from wfm.assumptions import Rates
from wfm.clock import PARIS, zone


def test_busy_days_outgrow_the_roster(tiny_case, tiny_requirement, tiny_plan, tiny_forecast):
    """Sales: five days of 14 half-hours with one agent who is there nine tenths of the time, 12.6; as much work on average."""
    [entry] = [entry for entry in tiny_forecast.campaigns if entry.campaign == "sales"]
    day = days_of(entry, tiny_case.grid.walls(zone(PARIS)))
    monday = expected_factors(rate_spread(entry)._replace(slot_variance=0.0), day)[24]
    service, sales, mail = tiny_requirement.campaigns
    full = sales.model_copy(update={"items": tuple(item.model_copy(update={"work": 12600}) for item in sales.items)})
    requirement = tiny_requirement.model_copy(update={"campaigns": (service, full, mail)})
    documents = (tiny_case, requirement, tiny_plan, tiny_forecast)

    known, uncertain = (worked_shares(*documents, rates=rates)["sales"] for rates in (Rates.KNOWN, Rates.UNCERTAIN))

    assert known == 1.0
    assert uncertain == pytest.approx(float(np.minimum(monday, 1.0).mean()))
    assert uncertain < 0.95
