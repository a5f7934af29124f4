"""The best shift of one agent on one day, all else given: the small step of the compiled search."""

from __future__ import annotations

import numpy as np
from numba import njit

from models.roster.ledger import Ledger, note, set_activity
from models.roster.problem import Floats, Ints, ShiftOptions, Staff
from models.roster.settle import settle
from models.roster.state import Items
from models.roster.stays import choose_stays, have_minimum

_ABSENT, _BREAK, _IDLE = -3, -2, -1  # as in `state`; compiled code keeps its own


@njit(cache=True, nogil=True)
def remove_shift(agent: int, day: int, staff: Staff, options: ShiftOptions, ledger: Ledger, items: Items) -> None:
    """A day off, and what was done that day is undone."""
    option = ledger.tour[agent, day]
    if option < 0:
        return
    for t in range(options.start[option], options.end[option]):
        set_activity(agent, t, _ABSENT, staff.effect[agent], ledger, items)
    note(5, agent * ledger.tour.shape[1] + day, option, ledger)
    ledger.tour[agent, day] = -1


@njit(cache=True, nogil=True)
def add_shift(  # noqa: C901 - one compiled loop
    agent: int,
    day: int,
    guide: Floats,
    temperature: float,
    staff: Staff,
    options: ShiftOptions,
    ledger: Ledger,
    items: Items,
    random: np.random.Generator,
) -> None:
    """Give an agent who is off that day the shift of greatest gain, if any gains; gains are blurred by `temperature` cents.

    `guide[q, t]`: most that a milli agent-slot is valued at.
    """
    first, last = options.day_first[day], options.day_first[day + 1]
    if first == last:
        return
    begin, end = options.start[first], options.end[first]
    for o in range(first, last):
        begin, end = min(begin, options.start[o]), max(end, options.end[o])
    total = _values(agent, begin, end, guide, staff, ledger, items)
    week, days = day // 7, ledger.tour.shape[1]
    terms = staff.pay.terms[agent]
    counted = 0
    for other in range(week * 7, week * 7 + 7):
        if ledger.tour[agent, other] >= 0:
            counted += staff.counted[terms, ledger.tour[agent, other]]
    earliest, latest = _window(agent, day, staff, options, ledger)
    before = _run(agent, day, -1, staff, options, ledger)
    after = _run(agent, day, 1, staff, options, ledger)
    longer = 1 + _run(agent, day + 1, 1, staff, options, ledger) if day + 1 < days else 1
    most = staff.max_consecutive
    paid = staff.overtime_cents[agent, week]
    best, chosen = -temperature * np.log(random.random()) if temperature > 0 else 0.0, -1
    places = np.empty(options.breaks.shape[1], dtype=np.int64)
    for o in range(first, last):
        if not staff.allowed[agent, o] or options.start[o] < earliest or options.end[o] > latest:
            continue
        hours = counted + staff.counted[terms, o]
        if hours > staff.week_cap[agent, 0, week]:
            continue
        if before + 1 + (longer if options.overnight[o] else after) > most:
            continue
        gain = total[options.end[o] - begin] - total[options.start[o] - begin]
        gain -= staff.option_cents[agent, o] + paid[hours] - paid[counted]
        if temperature > 0:
            gain -= temperature * np.log(random.random())
        if gain <= best:
            continue
        gain -= _breaks(o, begin, total, options, places)
        if gain > best:
            best, chosen = gain, o
    if chosen >= 0:
        _breaks(chosen, begin, total, options, places)
        _place(agent, day, chosen, places, staff, options, ledger, items)


@njit(cache=True, nogil=True)
def _values(agent: int, begin: int, end: int, guide: Floats, staff: Staff, ledger: Ledger, items: Items) -> Floats:
    """Running sum of what one more agent is worth in slots begin to end - 1: shortage saved, as in `moves`."""
    skills, effect = staff.group_skills[staff.group[agent]], staff.effect[agent]
    total = np.zeros(end - begin + 1)
    for t in range(begin, end):
        value = 0.0
        for q in range(len(skills)):
            if not skills[q] or ledger.heads[q, t] <= 0:
                continue
            gain, rest = 0.0, float(effect)
            for i in range(items.low[q, t], items.high[q, t]):
                if ledger.left[i] > 0:
                    done = min(rest, ledger.left[i] / min(items.span[i], 8))
                    gain += done * min(items.cents[i], guide[q, t])
                    rest -= done
                    if rest <= 0 or items.span[i] > 1:
                        break
            value = max(value, gain)
        total[t - begin + 1] = total[t - begin] + value
    return total


@njit(cache=True, nogil=True)
def _window(agent: int, day: int, staff: Staff, options: ShiftOptions, ledger: Ledger) -> tuple[int, int]:
    """Slots between which the neighbouring shifts' rest lets the shift lie."""
    earliest, latest = 0, 1 << 40
    if day > 0 and ledger.tour[agent, day - 1] >= 0:
        earliest = options.end[ledger.tour[agent, day - 1]] + staff.rest_slots
    if day + 1 < ledger.tour.shape[1] and ledger.tour[agent, day + 1] >= 0:
        latest = options.start[ledger.tour[agent, day + 1]] - staff.rest_slots
    return earliest, latest


@njit(cache=True, nogil=True)
def _run(agent: int, day: int, step: int, staff: Staff, options: ShiftOptions, ledger: Ledger) -> int:
    """Days in a row before (step -1) or after `day` that shifts touch."""
    tour, count = ledger.tour[agent], 0
    at = day + step
    while 0 <= at < len(tour):
        reached = (
            options.overnight[tour[at - 1]] if at > 0 and tour[at - 1] >= 0 else at == 0 and staff.touched[agent] > 0
        )
        if tour[at] < 0 and not reached:
            return count
        count += 1
        at += step
    return count + staff.worked_before[agent] if at < 0 else count


@njit(cache=True, nogil=True)
def _breaks(option: int, begin: int, total: Floats, options: ShiftOptions, places: Ints) -> float:
    """What the breaks lose where they lose least; their first slots go to `places`, -1 where there is none."""
    lost = 0.0
    for b in range(len(places)):
        places[b] = -1
        length = options.breaks[option, b, 0]
        if length == 0:
            continue
        least = 1e300
        start = options.start[option] - begin
        for first in range(start + options.breaks[option, b, 1], start + options.breaks[option, b, 2] + 1):
            value = total[first + length] - total[first]
            if value < least - 1e-12:
                least = value
                places[b] = first + begin
        lost += least
    return lost


@njit(cache=True, nogil=True)
def _place(  # noqa: C901 - one compiled loop
    agent: int, day: int, option: int, places: Ints, staff: Staff, options: ShiftOptions, ledger: Ledger, items: Items
) -> None:
    """Put the shift into the plan: every slot outside breaks on the campaign that saves most, for as long as it must last."""
    days = ledger.tour.shape[1]
    note(5, agent * days + day, ledger.tour[agent, day], ledger)
    ledger.tour[agent, day] = option
    for b in range(len(places)):
        note(6, (agent * days + day) * len(places) + b, ledger.breaks[agent, day, b], ledger)
        ledger.breaks[agent, day, b] = places[b]
    skills, effect = staff.group_skills[staff.group[agent]], staff.effect[agent]
    begin = options.start[option]
    if have_minimum(skills, staff):
        _stay(agent, option, places, staff, options, ledger, items)
        return
    previous = -1
    for t in range(begin, options.end[option]):
        paused = False
        for b in range(len(places)):
            paused |= places[b] >= 0 and places[b] <= t < places[b] + options.breaks[option, b, 0]
        if paused:
            set_activity(agent, t, _BREAK, effect, ledger, items)
            continue
        best, chosen = 0.0, _IDLE
        for q in range(len(skills)):
            if not skills[q] or ledger.heads[q, t] <= 0:
                continue
            saved, rest = 0.0, effect
            for i in range(items.low[q, t], items.high[q, t]):
                if ledger.left[i] > 0:
                    done = min(rest, ledger.left[i])
                    saved += done * items.cents[i]
                    rest -= done
                    if rest == 0 or items.span[i] > 1:
                        break
            # Staying on a campaign wins ties.
            saved *= 1.001 if q == previous else 1.0
            if saved > best:
                best, chosen = saved, q
        previous = chosen
        set_activity(agent, t, chosen, effect, ledger, items)


@njit(cache=True, nogil=True)
def _stay(
    agent: int, option: int, places: Ints, staff: Staff, options: ShiftOptions, ledger: Ledger, items: Items
) -> None:
    """The activities of a shift where campaigns have a minimum."""
    begin = options.start[option]
    chosen = np.full(options.end[option] - begin, _IDLE)
    for b in range(len(places)):
        if places[b] >= 0:
            chosen[places[b] - begin : places[b] - begin + options.breaks[option, b, 0]] = _BREAK
    choose_stays(chosen, begin, agent, staff, ledger, items)
    for k in range(len(chosen)):
        set_activity(agent, begin + k, chosen[k], staff.effect[agent], ledger, items)


@njit(cache=True, nogil=True)
def settle_agent(agent: int, scratch: Ints, staff: Staff, options: ShiftOptions, ledger: Ledger) -> bool:
    """Bring the agent's cents in line with the tour; False where it exceeds the law. `scratch` has shape (options, breaks)."""
    cents = 0
    for day in range(ledger.tour.shape[1]):
        option = ledger.tour[agent, day]
        if option >= 0:
            scratch[option, :] = ledger.breaks[agent, day, :]
            cents += staff.wish_cost[agent, option]
    paid, excess = settle(agent, ledger.tour[agent], scratch, options, staff.pay)
    if excess > 0:
        return False
    if ledger.cents[agent] != cents + paid:
        note(7, agent, ledger.cents[agent], ledger)
        ledger.cents[agent] = cents + paid
    return True
