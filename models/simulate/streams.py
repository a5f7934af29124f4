"""Random numbers of compiled code: one stream per campaign, so that a contact is the same whoever is there to answer it.

xoshiro256++ of D. Blackman and S. Vigna, "Scrambled linear pseudorandom number generators" (2021); its state is a row of four
unsigned 64-bit integers, not all zero.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from models.simulate.compiled import compiled

Streams = NDArray[np.uint64]

_17, _19, _23, _41, _45, _11 = (np.uint64(bits) for bits in (17, 19, 23, 41, 45, 11))
_UNIT = 2.0**-53


def streams(seed: int, run: int, count: int) -> Streams:
    """Streams of one run, independent of those of every other seed and run. Shape (count, 4)."""
    words = np.random.SeedSequence(seed, spawn_key=(run,)).generate_state(4 * count, np.uint64)
    return np.asarray(words, dtype=np.uint64).reshape(count, 4)


@compiled
def uniform(state: Streams, stream: int) -> float:
    """In (0, 1]: its logarithm is finite."""
    s0, s1, s2, s3 = state[stream, 0], state[stream, 1], state[stream, 2], state[stream, 3]
    mixed = s0 + s3
    drawn = ((mixed << _23) | (mixed >> _41)) + s0
    kept = s1 << _17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= kept
    s3 = (s3 << _45) | (s3 >> _19)
    state[stream, 0], state[stream, 1], state[stream, 2], state[stream, 3] = s0, s1, s2, s3
    return (float(drawn >> _11) + 1.0) * _UNIT


@compiled
def exponential(state: Streams, stream: int) -> float:
    """Of mean 1."""
    return -math.log(uniform(state, stream))


@compiled
def log_normal(state: Streams, stream: int, sigma: float) -> float:
    """Of mean 1; `sigma` is the standard deviation of its logarithm (Box and Muller's normal)."""
    radius = math.sqrt(-2.0 * math.log(uniform(state, stream)))
    normal = radius * math.cos(2.0 * math.pi * uniform(state, stream))
    return math.exp(sigma * normal - 0.5 * sigma * sigma)
