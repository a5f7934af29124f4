"""The tiny plan as the figures see it."""

from __future__ import annotations

import pytest

from api.figures import PlanView


@pytest.fixture(scope="session")
def view(tiny_case, tiny_histories, tiny_forecast, tiny_requirement, tiny_plan):
    return PlanView(tiny_case, tiny_histories, tiny_forecast, tiny_requirement, tiny_plan)
