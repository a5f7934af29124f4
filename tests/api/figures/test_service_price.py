"""What each further point costs, as drawn and tabulated."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.figures.service_price import NONE, STEPS, figure, table
from models.staffing.price import service_prices


def rows_of(view):
    found = table(view)
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def test_a_campaigns_prices_are_those_of_its_forecast(view):
    campaign = view.case.campaigns[0]
    forecast = next(entry for entry in view.forecast.campaigns if entry.campaign == campaign.id)
    expected = service_prices(view.case, campaign, forecast, steps=STEPS)

    [trace] = figure(view).data
    rows = rows_of(view)

    assert list(trace.y) == [row.point_cents / 100 for row in expected]
    assert [row["Service level promised (%)"] for row in rows] == pytest.approx(list(trace.x))
    assert [row["One further point (EUR)"] for row in rows] == list(trace.y)
    assert [row["Productive hours (h)"] for row in rows] == sorted(row["Productive hours (h)"] for row in rows)


def test_the_campaigns_own_target_stands_out(view):
    [trace] = figure(view).data

    large = [x for x, size in zip(trace.x, trace.marker.size, strict=True) if size > 10]
    assert large == [100 * view.case.campaigns[0].service_level]


def test_without_a_distribution_it_says_so(view):
    bare = [entry.model_copy(update={"quantiles": (), "day_quantiles": ()}) for entry in view.forecast.campaigns]
    old = replace(view, forecast=view.forecast.model_copy(update={"campaigns": tuple(bare)}))

    [row] = rows_of(old)
    assert row["Campaign"] == "Service: the stored forecast does not tell how uncertain it is"
    assert "does not tell how" in figure(old).layout.annotations[0].text


def test_a_forecast_that_does_not_fit_says_why(view):
    short = [entry.model_copy(update={"mean": entry.mean[:-1]}) for entry in view.forecast.campaigns]
    other = replace(view, forecast=view.forecast.model_copy(update={"campaigns": tuple(short)}))

    [row] = rows_of(other)
    assert row["Campaign"].startswith("Service: The forecast of campaign service has 335 volumes")


def test_without_inbound_campaigns_there_is_nothing_to_price(view):
    outbound = view.case.model_copy(update={"campaigns": view.case.campaigns[1:]})

    assert rows_of(replace(view, case=outbound))[0]["Campaign"] == NONE
