"""How many hours an agent may work in a week and what they cost, in the terms of the tour program: slots counted per week.

The program sees neither the year nor the order of minutes nor hours outside the week's count. What it is given here errs to one
side: caps that no legal tour exceeds and costs that no tour undercuts, for the bound; and narrower caps that keep to the law
whatever the tour, for the search.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.roster.problem import REGULAR, REST_DAY, Bools, Ints, Pay, ShiftOptions


@dataclass(frozen=True, eq=False)
class OptionHours:
    """Of every option by itself, each of shape (terms, options).

    `counted`: slots that count in the week; `long_minutes`: minutes beyond the annual regime's day; `holiday`,
    `overtime`: the least that the option adds, minutes x rates of `Pay`.
    """

    counted: Ints
    long_minutes: Ints
    holiday: Ints
    overtime: Ints


def option_hours(pay: Pay, options: ShiftOptions) -> OptionHours:
    """See OptionHours. All but night hours on rest days are the same wherever the breaks are placed."""
    shape = (len(pay.kind), len(options.day))
    counted, holiday, rest = np.zeros((3, *shape), dtype=np.int64)
    for terms, kind in enumerate(pay.kind):
        counted[terms] = _worked(kind == REGULAR, options)
        holiday[terms] = _worked(pay.slot_minutes * pay.holiday_rate[terms], options)
        if (kind == REST_DAY).any():
            rates = pay.overtime_rate[terms, :, 1].min(axis=0)[pay.night[terms]]
            rest[terms] = _worked(pay.slot_minutes * rates * (kind == REST_DAY), options)
    long = np.maximum(0, counted * pay.slot_minutes - pay.day_minutes[:, options.day]) * pay.annual[:, None]
    cheapest = pay.overtime_rate[:, :, 0].min(axis=2)[:, options.day]
    return OptionHours(counted, long, holiday, rest + long * cheapest)


def _worked(weight: Ints | Bools, options: ShiftOptions) -> Ints:
    """Least sum of weights over the effective slots of each option, wherever its unpaid breaks are placed. Shape (options,)."""
    before = np.concatenate([[0], np.cumsum(weight, dtype=np.int64)])
    total: Ints = before[options.end] - before[options.start]
    for b in range(options.breaks.shape[1]):
        length, earliest, latest = options.breaks[:, b].T
        spared = np.zeros_like(total)
        for step in range(int((latest - earliest).max(initial=0)) + 1):
            first = options.start + np.minimum(earliest + step, latest)
            spared = np.maximum(spared, before[first + length] - before[first])
        total -= spared * options.unpaid[options.pattern, b]
    return total


def option_cents(pay: Pay, hours: OptionHours, allowed: Bools, wish_cost: Ints) -> Ints:
    """Least cents of every option, wishes included; rounded down by kind of line, so that weeks, rounded once, cost no less.
    Shape (agents, options).
    """
    if not hours.holiday.any() and not hours.overtime.any():
        return wish_cost
    unit = 60 * pay.scale
    own = sum(pay.base[:, None] * line[pay.terms] // unit for line in (hours.holiday, hours.overtime))
    return wish_cost + own * allowed


def plain_options(hours: OptionHours, options: ShiftOptions) -> Bools:
    """Options that count in the week entirely and are no overtime by themselves. Shape (terms, options)."""
    plain: Bools = (hours.counted == options.effective) & (hours.long_minutes == 0)
    return plain


def week_caps(pay: Pay, most_over: Ints) -> Ints:
    """Caps in slots: that no legal tour exceeds, and that keep plain tours within week and year. Shape (agents, 2, weeks).

    `most_over`: overtime minutes per week that the contract allows, shape (agents,).
    """
    weekly = ~pay.annual[pay.terms, None]
    touched = np.array(
        [np.bincount(week, minlength=pay.overtime_left.shape[1]) > 0 for week in pay.year.reshape(-1, 7)]
    )
    left = np.maximum(0, pay.overtime_left)
    widest = np.minimum(pay.threshold + most_over[:, None], pay.week_minutes[pay.terms])
    widest = np.where(weekly, np.minimum(widest, pay.threshold + left @ touched.T), widest)
    # A year's minutes in equal parts to the weeks that have days in it; a week of two years takes the smaller part.
    weeks = np.maximum(1, touched.sum(axis=0))
    free = np.where(weekly, left, left + np.maximum(0, _balance(pay)))
    part = np.where(touched, (free // weeks)[:, None], np.iinfo(np.int64).max).min(axis=2)
    safe = np.minimum(widest, np.where(weekly, pay.threshold, 0) + part)
    caps: Ints = np.stack([widest, safe], axis=1) // pay.slot_minutes
    return caps


def _balance(pay: Pay) -> Ints:
    """Annual regime: minutes that may still be worked without overtime, by year of the plan. Shape (agents, years)."""
    years = pay.overtime_left.shape[1]
    balance = np.zeros((len(pay.base), years), dtype=np.int64)
    for year in range(years):
        days = pay.year == year
        balance[:, year] = pay.year_minutes[pay.terms, int(days.argmax())] - pay.credit[:, days].sum(axis=1)
    balance[:, 0] -= pay.tally
    return balance


def overtime_tables(pay: Pay, largest: int) -> tuple[Ints, Ints]:
    """Cents of overtime for u slots a week: a guide for the search, and what is paid at least. Both of shape (agents, weeks,
    largest + 1); one table where they do not differ.

    In the annual regime the guide spreads what the year has left evenly over the days, and the least is nothing.
    """
    annual = pay.annual[pay.terms]
    limit = pay.threshold
    if annual.any():
        days = np.bincount(pay.year)
        daily = np.maximum(0, _balance(pay)) / days
        limit = np.where(
            annual[:, None], daily[:, pay.year].reshape(len(annual), -1, 7).sum(axis=2).astype(np.int64), limit
        )
    rate = pay.overtime_rate[:, :, 0].min(axis=2).reshape(len(pay.annual), limit.shape[1], 7).min(axis=2)[pay.terms]
    over = np.maximum(0, np.arange(largest + 1) * pay.slot_minutes - limit[:, :, None])
    unit = 60 * pay.scale
    guide: Ints = (2 * over * rate[:, :, None] * pay.base[:, None, None] + unit) // (2 * unit)
    return guide, np.where(annual[:, None, None], 0, guide) if annual.any() else guide
