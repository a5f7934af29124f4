"""What a foreign history does not hold and a case needs: agents, shifts and partners that fit its queues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from data.generate.case_folder import Row
from data.generate.clocks import minutes_ahead
from data.generate.fasting import iftar
from data.generate.partners import CURRENT_SHARE, PROFILES, RAMP_SHARE, Offer, Window, partners
from data.generate.people import SITES, SkillSet, agents
from data.generate.queues import Queue
from data.generate.shifts import patterns
from wfm.clock import PARIS, RABAT

BLOCK_SEATS = 2
"""Small blocks, because many queues are small and some are open all night."""
EARLIEST, LATEST = 6 * 60, 23 * 60
"""Own shifts lie between these minutes of the site's day; nights are left to partners' block shifts."""
SHORTEST_DAY = 10 * 60
"""Own shifts always have this long a day, whatever the hours of the queues."""
BLOCK_HOURS = 4
CLOCK, HOME = PARIS, RABAT


def site_week(queues: Sequence[Queue], aht_seconds: float, minutes: int, monday: date) -> NDArray[np.float64]:
    """Productive agents of an average week on the site's clock. Shape (queues, 7 x intervals per day)."""
    kinds = [0, 0, 0, 0, 0, 1, 2]
    weeks = np.array([queue.agents(aht_seconds, minutes)[kinds].ravel() for queue in queues])
    return np.roll(weeks, -minutes_ahead(monday) // minutes, axis=1)


def day_work(needed: NDArray[np.float64], minutes: int) -> NDArray[np.float64]:
    """Work of every queue in the hours in which own shifts may lie. Shape (queues,)."""
    start = np.arange(0, 24 * 60, minutes)
    return np.asarray(needed[:, np.tile((start >= EARLIEST) & (start < LATEST), 7)].sum(axis=1))


def people(
    count: int, queues: Sequence[Queue], work: NDArray[np.float64], monday: date, rng: np.random.Generator
) -> tuple[list[Row], list[Row]]:
    """Agents and skills: for every queue a set of it and the next two in size, shared out in proportion to `work` by day."""
    width = min(3, len(queues))
    # Neighbours share agents, so that the smallest queues are nobody's only work.
    members = [[(index + step) % len(queues) for step in range(width)] for index in range(len(queues))]
    sets: list[SkillSet] = [(tuple(queues[member].id for member in group), float(work[group[0]])) for group in members]
    return agents(count, sets, monday, rng)


def own_patterns(needed: NDArray[np.float64], minutes: int, days: list[date]) -> tuple[list[Row], list[Row]]:
    """Shift patterns for `days`, over the part of the day in which any queue is open on any weekday."""
    opened = (needed.sum(axis=0) > 0).reshape(7, -1).any(axis=0)
    day = np.flatnonzero(opened) * minutes
    first, last = max(EARLIEST, int(day.min())), min(LATEST, int(day.max()) + minutes)
    first = min(first, LATEST - SHORTEST_DAY)
    last = max(last, first + SHORTEST_DAY)
    # Hourly starts keep the number of shifts of a long day small.
    step = 60 if last - first > 12 * 60 else 30
    return patterns(-(-first // step) * step, last, step, sunset=iftar(SITES[0], days))


def partner_tables(
    count: int, queues: Sequence[Queue], needed: NDArray[np.float64], hours: float, minutes: int
) -> dict[str, list[Row]]:
    """Partner tables with seats for the whole peak and windows of four hours wherever a queue is open. Nobody is certified
    for everything, but every queue has all partners but one, or the only one.
    """
    windows = _windows(needed, minutes)
    profiles = [replace(profile, windows=windows, refuses=()) for profile in PROFILES[:count]]
    if not profiles:
        return {}
    peak = float(needed.sum(axis=0).max()) / min(profile.productivity for profile in profiles)
    scale = peak / sum(profile.seats for profile in profiles) / (CURRENT_SHARE + RAMP_SHARE)
    place = {queue.id: index for index, queue in enumerate(queues)}
    offer = Offer(hours=hours, scale=scale, campaigns=list(place), block_seats=BLOCK_SEATS)
    return partners(profiles, offer, lambda index, campaign: count == 1 or place[campaign] % count != index)


def _windows(needed: NDArray[np.float64], minutes: int) -> tuple[Window, ...]:
    """Blocks of four hours of the partner's day, on the weekdays on which any queue is open during them."""
    opened = (needed.sum(axis=0) > 0).reshape(7, -1)
    size = BLOCK_HOURS * 60 // minutes
    windows: list[Window] = []
    for hour in range(0, 24, BLOCK_HOURS):
        first = hour * 60 // minutes
        weekdays = [str(day + 1) for day in range(7) if opened[day, first : first + size].any()]
        if weekdays:
            end = hour + BLOCK_HOURS
            windows.append((f"from_{hour:02d}", f"{hour:02d}:00", f"{end % 24:02d}:00", " ".join(weekdays)))
    return tuple(windows)
