"""Cases changed, work made by hand, plans made by the optimiser."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from models.chain import assemble
from models.roster.solve import Limits, Result, solve
from wfm.campaign import Channel
from wfm.case import Case
from wfm.opening import open_slots
from wfm.plan import Plan
from wfm.requirement import CampaignRequirement, Requirement, WorkItem

LONG = 600.0
"""Seconds no test comes near: rounds end every search, so that results do not depend on the machine."""

Rebuild = Callable[..., Case]
Require = Callable[..., Requirement]
PlanOf = Callable[..., tuple[Plan, Result]]


@pytest.fixture(scope="session")
def rebuild() -> Rebuild:
    """`rebuild(case, agents=..., service={...})`: a fresh case with fields changed; fields named like a campaign change it.

    A model_copy would keep the cached properties of the old case.
    """

    def change(case: Case, **fields: object) -> Case:
        dump = case.model_dump()
        names = {campaign["id"] for campaign in dump["campaigns"]}
        dump["campaigns"] = [entry | fields.get(entry["id"], {}) for entry in dump["campaigns"]]
        return Case.model_validate(dump | {name: value for name, value in fields.items() if name not in names})

    return change


@pytest.fixture(scope="session")
def require() -> Require:
    """`require(case, service=[(first slot, slot after the last, work), ...], ...)`: campaigns not named have no work."""

    def make(case: Case, **items: list[tuple[int, int, int]]) -> Requirement:
        nothing = (0.0,) * case.grid.slots
        entries = tuple(
            CampaignRequirement(
                campaign=campaign.id,
                items=tuple(
                    WorkItem(first_slot=first, last_slot=last, work=work)
                    for first, last, work in items.get(campaign.id, [])
                ),
                volume=nothing,
                aht_seconds=nothing,
                net_agents=nothing,
                service_level=None,
                service_level_definition=None,
                method="by hand",
            )
            for campaign in case.campaigns
        )
        return Requirement(case_hash=case.content_hash(), grid=case.grid, campaigns=entries)

    return make


@pytest.fixture(scope="session")
def plan_of() -> PlanOf:
    """`plan_of(case, requirement, rounds=60, seed=0)`: the optimiser's answer and the plan document made of it."""

    def make(case: Case, requirement: Requirement, *, rounds: int = 60, seed: int = 0) -> tuple[Plan, Result]:
        result = solve(case, requirement, limits=Limits(LONG, rounds), seed=seed, workers=1)
        return assemble(case, requirement, result, seed=seed), result

    return make


@pytest.fixture(scope="session")
def usual_work(require: Require) -> Callable[..., Requirement]:
    """`usual_work(case, per_slot=2500)`: inbound: so much in every open slot; other campaigns: 8000 a day, deferrable due the
    day after."""

    def make(case: Case, per_slot: int = 2500) -> Requirement:
        first = case.grid.day_first_slots(case.first_day, case.days, case.home_zone)
        items: dict[str, list[tuple[int, int, int]]] = {}
        for entry in case.campaigns:
            mask = open_slots(case, entry)
            if entry.channel is Channel.INBOUND:
                items[entry.id] = [(int(t), int(t) + 1, per_slot) for t in np.flatnonzero(mask)]
            else:
                reach = 1 if entry.channel is Channel.OUTBOUND else 2
                items[entry.id] = [
                    (int(first[d]), int(first[min(d + reach, case.days)]), 8000)
                    for d in range(case.days)
                    if mask[first[d] : first[d + 1]].any()
                ]
        return require(case, **items)

    return make
