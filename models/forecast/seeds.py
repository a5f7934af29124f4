"""Seeds that depend on nothing but the user's seed and the series."""

from __future__ import annotations

import zlib

import numpy as np


def series_seed(seed: int, name: str) -> int:
    """A seed of its own for each series, whatever else is forecast with it. Below 2^31, as Stan wants it."""
    state = np.random.SeedSequence([abs(seed), zlib.crc32(name.encode())]).generate_state(1)
    return int(state[0]) >> 1
