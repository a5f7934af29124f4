"""From a generated case to a checked plan, in one call."""

from __future__ import annotations

import pytest

from data.generate.case import generate_case
from data.ingest.case import read_case
from models.chain import run
from wfm.check import check_plan
from wfm.checkpoint import Checkpoint
from wfm.clock import tzdata_version, zone
from wfm.costs import bill
from wfm.errors import StaleTimeZoneDataError, WfmError
from wfm.feasts import feast_table
from wfm.plan import StopReason


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("chain") / "case"
    generate_case("S", 1, folder)
    return read_case(folder)


@pytest.fixture(scope="module")
def progress():
    return []


@pytest.fixture(scope="module")
def kept():
    return []


@pytest.fixture(scope="module")
def result(loaded, progress, kept):
    return run(
        loaded.case,
        loaded.histories,
        time_limit=60.0,
        rounds=150,
        seed=3,
        workers=1,
        on_progress=progress.append,
        on_checkpoint=kept.append,
    )


def test_the_plan_breaks_no_rule(loaded, result):
    assert result.violations == []
    assert check_plan(loaded.case, result.requirement, result.plan) == []


def test_the_optimiser_and_the_bill_agree_to_the_cent(loaded, result):
    plan = result.plan
    assert plan.bill == bill(loaded.case, result.requirement, plan.shifts, plan.purchases)
    assert plan.certificate.cost_cents == plan.bill.total_cents


def test_the_certificate(result):
    certificate = result.plan.certificate
    assert 0 < certificate.bound_cents <= certificate.cost_cents
    # Far from what the product reaches with time: only to notice a search that stopped working.
    assert certificate.gap < 0.25
    assert "Lagrangian" in certificate.method


def test_the_plan_says_how_it_was_made(loaded, result):
    plan = result.plan
    assert plan.case_hash == loaded.case.content_hash()
    assert plan.requirement_hash == result.requirement.content_hash()
    assert (plan.seed, plan.stop_reason) == (3, StopReason.CONVERGED)
    assert {"ortools", "prophet", "rules FR", "rules MA", "calendar MA", "tzdata"} <= set(plan.versions)
    assert plan.versions["tzdata"] == plan.tzdata_version == tzdata_version()
    assert plan.versions["calendar MA"] == feast_table("MA").version
    assert plan.shifts
    assert plan.purchases


def test_all_steps_are_timed_and_reported(result, progress):
    assert list(result.seconds) == ["forecast", "requirement", "plan", "check"]
    stages = [entry.stage for entry in progress]
    assert list(dict.fromkeys(stages)) == ["forecast", "requirement", "plan", "check"]


def test_the_forecast_and_the_requirement_are_of_the_case(loaded, result):
    ids = [campaign.id for campaign in loaded.case.campaigns]
    assert [entry.campaign for entry in result.forecast.campaigns] == ids
    assert sorted(entry.campaign for entry in result.requirement.campaigns) == sorted(ids)
    assert all(entry.work > 0 for entry in result.requirement.campaigns)


def test_hard_rules_that_contradict_one_another_are_said_to(tiny_case, tiny_histories):
    campaigns = [c.model_dump() | {"min_partner_share": 1.0} for c in tiny_case.campaigns if c.id == "service"]
    partner = tiny_case.partners[0].model_dump() | {"seats": 1, "block_seats": 1}
    case = type(tiny_case).model_validate(
        tiny_case.model_dump()
        | {"campaigns": campaigns, "partners": [partner], "opening_hours": tiny_case.opening_hours[:5]}
    )

    with pytest.raises(WfmError, match="min_partner_share"):
        run(case, tiny_histories, time_limit=600.0, rounds=5, workers=1)


def test_stale_clocks_are_refused_before_anything_else(loaded, monkeypatch):
    def stale(name):
        return zone("Africa/Algiers")  # UTC+1 all year, as Morocco was before 2026-09-20

    monkeypatch.setattr("wfm.clock.zone", stale)
    begun = []

    with pytest.raises(StaleTimeZoneDataError, match=r"one hour late\. Install tzdata"):
        run(loaded.case, loaded.histories, on_progress=begun.append)
    assert begun == []


def test_what_is_made_is_kept_on_the_way_and_only_checked_plans(loaded, result, kept):
    assert [(made.requirement is None, made.plan is None) for made in kept[:3]] == [
        (True, True),
        (False, True),
        (False, False),
    ]
    costs = [made.plan.certificate.cost_cents for made in kept[2:]]
    assert costs == sorted(set(costs), reverse=True)
    assert costs[-1] >= result.plan.certificate.cost_cents
    for made in kept[2:]:
        assert (made.forecast, made.requirement) == (result.forecast, result.requirement)
        assert check_plan(loaded.case, made.requirement, made.plan) == []


def test_another_run_goes_on_from_what_was_kept(loaded, result, kept):
    best = Checkpoint(result.forecast, result.requirement, result.plan, {"forecast": 5.0, "plan": 9.0}, searched=50.0)
    further = run(loaded.case, {}, time_limit=60.0, rounds=1, seed=4, workers=1, begin=best)
    assert further.violations == []
    assert further.plan.certificate.cost_cents <= result.plan.certificate.cost_cents
    assert further.plan.certificate.bound_cents >= result.plan.certificate.bound_cents
    assert further.seconds["forecast"] == 5.0
    assert further.seconds["plan"] > 9.0


def test_a_plan_that_cannot_be_gone_on_with_is_still_not_lost(loaded, result, monkeypatch):
    """As after an upgrade that offers other shifts: the search begins anew, and the better plan stays."""
    monkeypatch.setattr("models.roster.solve.state_of", lambda *_: None)
    best = Checkpoint(result.forecast, result.requirement, result.plan)
    further = run(loaded.case, {}, time_limit=60.0, rounds=1, seed=4, workers=1, begin=best)
    assert further.plan.certificate.cost_cents <= result.plan.certificate.cost_cents
    assert further.violations == []
