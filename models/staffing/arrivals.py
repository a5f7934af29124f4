"""The forecast of one campaign as checked arrays."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from wfm.campaign import Campaign
from wfm.demand import CampaignForecast
from wfm.errors import WfmError

_T = TypeVar("_T", int, float)


class Arrivals(NamedTuple):
    """Mean contacts (outbound: records) and mean handling time, seconds, per slot. Shapes (slots,)."""

    volume: NDArray[np.float64]
    aht_seconds: NDArray[np.float64]


def arrivals_of(forecast: CampaignForecast, slots: int) -> Arrivals:
    """The mean forecast; raises WfmError when it cannot be staffed (wrong length, negative or missing figures)."""
    volume = np.array(forecast.mean, dtype=np.float64)
    aht = np.array(forecast.aht_seconds, dtype=np.float64)
    if volume.shape != (slots,) or aht.shape != (slots,):
        raise WfmError(
            f"The forecast of campaign {forecast.campaign} has {len(volume)} volumes and {len(aht)} handling times, but the "
            f"plan has {slots} intervals. Forecast the same case again."
        )
    if not (np.isfinite(volume).all() and (volume >= 0).all()):
        raise WfmError(
            f"The forecast of campaign {forecast.campaign} has a negative or missing volume. Forecast again."
        )
    if not (np.isfinite(aht).all() and (aht[volume > 0] > 0).all()):
        raise WfmError(
            f"The forecast of campaign {forecast.campaign} has volume without a handling time. Give aht_seconds in its history."
        )
    return Arrivals(volume, aht)


def required(campaign: Campaign, column: str, value: _T | None) -> _T:
    """The value of a column that the campaign's channel needs; raises WfmError when it is empty."""
    if value is None:
        raise WfmError(
            f"Campaign {campaign.id} is {campaign.channel} but has no {column}. Fill that column in table campaigns."
        )
    return value
