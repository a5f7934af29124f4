"""Where the breaks of a shift may start."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby, product

from wfm.case import Case
from wfm.ramadan import iftar_starts
from wfm.shift import ShiftPattern

Window = tuple[int, int, int]
"""Length of a break, and the first and last slot after the shift's start at which it may start; length 0: no break."""

NO_BREAK: Window = (0, 0, 0)


def iftar_slots(case: Case) -> list[list[int]]:
    """Slots at which a break at sunset may start, for every day; [] where there is no fasting or no pattern has such a break."""
    if not any(pause.at_sunset for pattern in case.shift_patterns for pause in pattern.breaks):
        return [[] for _ in range(case.days)]
    days = (case.first_day + timedelta(days=day) for day in range(case.days))
    return [[case.grid.slot(edge) for edge in iftar_starts(case, day)] for day in days]


def windows(case: Case, pattern: ShiftPattern, start: int, iftar: Sequence[int]) -> list[Window]:
    """One window per break of a shift of the pattern that starts in slot `start`; an iftar break for which the shift is not
    there falls away.
    """
    interval = case.interval_minutes
    found = []
    for pause in pattern.breaks:
        length = pause.minutes // interval
        if pause.at_sunset:
            last = start + pattern.presence_minutes // interval - length
            legal = [edge - start for edge in iftar if start <= edge <= last]
            found.append((length, legal[0], legal[-1]) if legal else NO_BREAK)
        else:
            found.append((length, -(-pause.earliest_after // interval), pause.latest_after // interval))
    return found


def parted(pattern: ShiftPattern, breaks: Sequence[Window], edges: Sequence[int]) -> Iterator[tuple[Window, ...]]:
    """The windows cut so that, inside each part, an unpaid break always takes the same from either side of every edge.

    `edges` are slots after the shift's start. Without an edge within reach the windows come back whole.
    """

    def sides(first: int, length: int) -> list[int]:
        return [min(max(edge - first, 0), length) for edge in edges]

    choices = []
    for pause, (length, earliest, latest) in zip(pattern.breaks, breaks, strict=True):
        if pause.paid or length == 0:
            choices.append([(length, earliest, latest)])
            continue
        runs = (list(run) for _, run in groupby(range(earliest, latest + 1), key=lambda first: sides(first, length)))
        choices.append([(length, run[0], run[-1]) for run in runs])
    return product(*choices)
