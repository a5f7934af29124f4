"""The modified offered load: how many contacts are in progress when the arrival rate changes during the day."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def modified_offered_load(
    volume: Floats, aht_seconds: Floats, is_open: NDArray[np.bool_], interval_seconds: float
) -> Floats:
    """Mean number of busy agents (erlangs) in each interval if agents were unlimited. All arrays have shape (slots,).

    m'(t) = λ(t) - m(t) / AHT, solved exactly for the constant rates of each interval: with s = λ AHT and d its length,
    m_end = s + (m_0 - s) e^(-d/AHT) and mean = s + (m_0 - s) (1 - e^(-d/AHT)) AHT / d. What is in progress is carried into
    the next interval; a closed interval empties the system. With handling times that are short against the interval the
    result is the familiar λ AHT, later by about one handling time. Source: O. Jennings, A. Mandelbaum, W. Massey and
    W. Whitt, "Server staffing to meet time-varying demand" (1996).
    """
    load = np.zeros(len(volume))
    busy = 0.0
    for slot in range(len(volume)):
        if not is_open[slot]:
            busy = 0.0
            continue
        aht = aht_seconds[slot]
        if aht <= 0:  # only where nothing arrives and no handling time is known: what was in progress has ended
            busy = 0.0
            continue
        steady = volume[slot] * aht / interval_seconds
        left = -math.expm1(-interval_seconds / aht)  # 1 - e^(-d/AHT)
        load[slot] = steady + (busy - steady) * left * aht / interval_seconds
        busy = busy + (steady - busy) * left
    return load
