"""What tests of rules share: plans of few shifts, cases changed in one place, and breaches in short."""

from __future__ import annotations

import pytest


@pytest.fixture
def plan_of(tiny_plan):
    """The tiny plan with these shifts and purchases instead of its own."""

    def make(*shifts, purchases=()):
        return tiny_plan.model_copy(update={"shifts": shifts, "purchases": tuple(purchases)})

    return make


@pytest.fixture
def with_agent():
    """A case whose first agent is changed."""

    def change(case, **changes):
        first, *others = case.agents
        return case.model_copy(update={"agents": (first.model_copy(update=changes), *others)})

    return change


@pytest.fixture
def with_site():
    """A case whose site is changed."""

    def change(case, **changes):
        return case.model_copy(update={"sites": (case.sites[0].model_copy(update=changes),)})

    return change


@pytest.fixture
def with_campaign():
    """A case of which one campaign is changed."""

    def change(case, id, **changes):  # noqa: A002 - as the field is called
        campaigns = tuple(entry.model_copy(update=changes) if entry.id == id else entry for entry in case.campaigns)
        return case.model_copy(update={"campaigns": campaigns})

    return change


@pytest.fixture
def breaches():
    """Code and figure found of every measurement below its limit."""

    def of(measurements):
        return [(entry.rule.code, entry.found) for entry in measurements if not entry.is_legal]

    return of
