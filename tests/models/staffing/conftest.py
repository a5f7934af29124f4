from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from wfm.case import Case
from wfm.clock import zone
from wfm.demand import QUANTILES, CampaignForecast, Forecast
from wfm.opening import open_slots


@pytest.fixture(scope="session")
def change_campaign() -> Callable[..., Case]:
    """`change(case, campaign, **fields)`: a fresh case (a model_copy would keep cached properties of the old one)."""

    def change(case: Case, campaign: str, **fields: object) -> Case:
        entries = [c.model_dump() | (fields if c.id == campaign else {}) for c in case.campaigns]
        return Case.model_validate(case.model_dump() | {"campaigns": entries})

    return change


@pytest.fixture(scope="session")
def make_forecast() -> Callable[..., Forecast]:
    """`make(case, volume={campaign: per open slot or array}, aht={...}, reach_rate=...)`: a flat forecast by hand."""

    def make(
        case: Case, *, volume: dict[str, object], aht: dict[str, float] | None = None, reach_rate: float | None = 0.18
    ) -> Forecast:
        grid = case.grid
        entries = []
        for campaign in case.campaigns:
            is_open = open_slots(case, campaign)
            given = volume.get(campaign.id, 0.0)
            mean = np.array(given) if isinstance(given, np.ndarray) else float(str(given)) * is_open
            walls = grid.walls(zone(case.market_by_id[campaign.market].time_zone))
            days = sorted({wall.date() for wall in walls})
            day_mean = tuple(float(sum(v for v, w in zip(mean, walls, strict=True) if w.date() == day)) for day in days)
            entries.append(
                CampaignForecast(
                    campaign=campaign.id,
                    mean=tuple(mean.tolist()),
                    quantiles=tuple(tuple(mean.tolist()) for _ in QUANTILES),
                    aht_seconds=tuple(np.where(mean > 0, (aht or {}).get(campaign.id, 300.0), 0.0).tolist()),
                    days=tuple(days),
                    day_mean=day_mean,
                    day_quantiles=tuple(day_mean for _ in QUANTILES),
                    reach_rate=reach_rate,
                    method="by hand",
                )
            )
        return Forecast(case_hash=case.content_hash(), seed=0, grid=grid, campaigns=tuple(entries))

    return make
