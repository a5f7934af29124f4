"""Which minutes of an agent's shifts are regular, on holidays, on rest days, and which of them are overtime.

A shift belongs to the day, the calendar week (Monday to Sunday) and the calendar year in which it starts. Every effective
slot (`wfm.worktime`) is, by the wall time of its start at the agent's site, exactly one of

1. *holiday*: on a public holiday. It is never overtime and does not count in the week's hours;
2. *rest day*: on the site's common rest day. All of it is overtime, and it does not count in the week's hours;
3. *regular*: it counts in the week's hours. Overtime, in order of time, is
   - weekly regime: what is beyond the week's threshold (`wfm.worktime.week_thresholds`);
   - annual regime: what is beyond `day_minutes` (rule OT-YEAR) of regular time in one shift; the rest adds to the tally of
     the year, and what the tally exceeds year_minutes x week_minutes / minutes of the legal week (rule WEEK-NORM; rounded
     down) by is overtime too. The tally starts at `year_minutes_before`, at 0 in every later year, and each credited day
     (`wfm.worktime.credited_days`) adds `leave_credit_minutes` to that of its year before the shift of that day.

The law is that of the day on which the shift starts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from wfm.agent import Agent, Regime
from wfm.case import Case
from wfm.law import labour_pack
from wfm.pay import pay_clock
from wfm.plan import Shift
from wfm.worktime import credited_days, effective_slots, week_of, week_thresholds

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class WorkedTime:
    """The effective slots of one agent's shifts, in order of time. Arrays of shape (effective slots,).

    `shift`: index into `shifts`; `day`: local day of the slot, 0 for the first of the plan; `holiday`, `rest_day`,
    `regular`: of these exactly one; `night`: in the night hours of overtime; `overtime`: minutes of the slot that are
    overtime.
    """

    shifts: tuple[Shift, ...]
    shift: Ints
    day: Ints
    holiday: Bools
    rest_day: Bools
    regular: Bools
    night: Bools
    overtime: Ints


def worked_time(case: Case, agent: Agent, shifts: Iterable[Shift]) -> WorkedTime:
    """The effective slots of one agent's `shifts`, sorted out as above. The shifts must satisfy rule REFERENCE."""
    ordered = tuple(sorted(shifts, key=lambda shift: shift.first_slot))
    parts = [effective_slots(case, shift) for shift in ordered]
    slots = np.array([slot for part in parts for slot in part], dtype=np.int64)
    shift = np.repeat(np.arange(len(ordered)), np.array([len(part) for part in parts], dtype=np.int64))
    clock = pay_clock(case, case.site_by_id[agent.site])
    holiday = clock.holiday[slots]
    rest_day = clock.rest_day[slots] & ~holiday
    regular = ~(holiday | rest_day)
    overtime = np.where(rest_day, case.interval_minutes, 0)
    beyond = _beyond_year if case.contract_by_id[agent.contract].regime is Regime.ANNUAL else _beyond_week
    overtime[regular] = beyond(case, agent, ordered, shift[regular])
    return WorkedTime(
        shifts=ordered,
        shift=shift,
        day=clock.day[slots],
        holiday=holiday,
        rest_day=rest_day,
        regular=regular,
        night=clock.night[slots],
        overtime=overtime,
    )


def regular_week_minutes(case: Case, agent: Agent, shifts: Iterable[Shift]) -> list[int]:
    """Regular minutes of one agent's shifts in each week of the plan: (weeks,)."""
    worked = worked_time(case, agent, shifts)
    minutes = [0] * case.weeks
    for index, slots in enumerate(np.bincount(worked.shift[worked.regular], minlength=len(worked.shifts)).tolist()):
        minutes[week_of(case, worked.shifts[index].day)] += slots * case.interval_minutes
    return minutes


def overtime_by_year(case: Case, agent: Agent, shifts: Iterable[Shift]) -> dict[int, int]:
    """Overtime minutes of one agent's shifts, rest days included, by calendar year of the shifts; nothing from before the
    plan. Years without a shift are left out.
    """
    worked = worked_time(case, agent, shifts)
    minutes: dict[int, int] = {}
    for index, shift in enumerate(worked.shifts):
        over = int(worked.overtime[worked.shift == index].sum())
        minutes[shift.day.year] = minutes.get(shift.day.year, 0) + over
    return minutes


def _beyond_week(case: Case, agent: Agent, shifts: tuple[Shift, ...], shift: Ints) -> Ints:
    """Overtime minutes of regular slots, given the index of the shift of each: weekly regime."""
    weeks = np.array([week_of(case, own.day) for own in shifts], dtype=np.int64)[shift]
    overtime = np.zeros(len(shift), dtype=np.int64)
    for week, threshold in enumerate(week_thresholds(case, agent)):
        members = weeks == week
        overtime[members] = _beyond(np.full(members.sum(), case.interval_minutes), threshold)
    return overtime


def _beyond_year(case: Case, agent: Agent, shifts: tuple[Shift, ...], shift: Ints) -> Ints:
    """Overtime minutes of regular slots, given the index of the shift of each: annual regime."""
    contract, country = case.contract_by_id[agent.contract], case.site_by_id[agent.site].country
    pack = labour_pack(country)
    credited = [case.first_day + timedelta(days=day) for day in credited_days(case, agent)]
    done = {case.first_day.year: agent.year_minutes_before}
    overtime = np.zeros(len(shift), dtype=np.int64)
    for index, own in enumerate(shifts):
        year = own.day.year
        law = pack.require(f"{country}-OT-YEAR", own.day).parameters
        norm = pack.require(f"{country}-WEEK-NORM", own.day).parameters["minutes"]
        limit = law["year_minutes"] * contract.week_minutes // norm
        before = sum(day.year == year and day <= own.day for day in credited) * contract.leave_credit_minutes
        members = shift == index
        minutes = np.full(members.sum(), case.interval_minutes)
        over_day = _beyond(minutes, law["day_minutes"])
        tally = done.get(year, 0)
        overtime[members] = over_day + _beyond(minutes - over_day, limit - before - tally)
        done[year] = tally + int((minutes - over_day).sum())
    return overtime


def _beyond(minutes: Ints, limit: int) -> Ints:
    """Of consecutive stretches of so many minutes, those after the first `limit` minutes in all."""
    over: Ints = np.clip(np.cumsum(minutes) - limit, 0, minutes)
    return over
