"""The bill of a plan, computed from case, requirement, shifts and purchases alone.

All arithmetic is exact (integers and fractions; decimal parameters count as written, 0.25 is 1/4) and every amount is
rounded once, half up, to whole minor units:

- *wages*, per agent: week_minutes x weeks x hourly_cost / 60. Paid whether worked or not; unpaid leave does not lower them.
- *overtime*, per agent and calendar week: the sum over its overtime minutes (`wfm.overtime`: beyond the week, or the day and
  the year, and all of rest days) of hourly_base x (1 + premium) / 60. Rule OT-PREMIUM has the premium, in force on the day
  on which the shift starts: `rest_day` or `rest_night` on rest days, else `day` or `night`, by the hour of the minute. Weekly,
  annual and rest-day overtime of one week is one sum, rounded once.
- *holiday*, per agent and calendar week: the sum over its minutes on public holidays of hourly_base x p / 60. p is the premium
  of rule HOLIDAY (in force on the day of the minute) on a holiday that the wages pay already (`wfm.pay.is_credited`), and
  1 + premium on others. Rounded once a week.
- *wishes*, per agent: the cost of every broken wish. `off`: a shift starts on that day; `start_after`: a shift of that day
  starts before that wall time; `end_before`: a shift of that day ends after it, as any end past midnight does.
- *purchase*, per partner: tariff(max(productive hours bought, min_billed_hours)); productive hours are seats x elapsed hours
  of the block shift, open or not. tariff(h), tiers k from f_k on at price p_k:
  incremental: sum over k of p_k x max(0, min(h, f_k+1) - f_k); all_units: h x p_k of the last k with f_k <= h.
- *shortage*, per campaign: milli agent-slots left undone (`wfm.coverage.unmet`) x interval_minutes x
  shortage_cost_per_hour / 60 000.
- *lost_contacts*, per campaign with a lost_contact_cost: what contacts that hang up cost in expectation over all that the
  forecast holds possible, at the milli agents there are in every slot, by the requirement's `losses` (`wfm.requirement`);
  summed over slots. The quantity is that cost in contacts.

A shift belongs to the calendar week (Monday to Sunday of the site) in which it starts, with all its minutes. Changeable cost
is the total less wages. Only wages have lines for a quantity of 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Literal

import numpy as np

from wfm.agent import Agent, Wish, WishKind
from wfm.blocks import productive_hours
from wfm.case import Case
from wfm.coverage import Ints, capacity_of, unmet
from wfm.law import labour_pack
from wfm.overtime import WorkedTime, worked_time
from wfm.partner import Partner, TierMode
from wfm.pay import is_credited
from wfm.plan import Bill, BillLine, Purchase, Shift
from wfm.requirement import MILLI, CampaignRequirement, Requirement
from wfm.worktime import shifts_by_agent, week_of

PREMIUMS = (
    ("day", False, False),
    ("night", False, True),
    ("rest_day", True, False),
    ("rest_night", True, True),
)
"""Name in rule OT-PREMIUM, on a rest day, in night hours."""
Paid = list[tuple[int, int, Fraction]]
"""Week of the plan, minutes, and multiple of the hourly base at which they are paid."""


def bill(case: Case, requirement: Requirement, shifts: Sequence[Shift], purchases: Sequence[Purchase]) -> Bill:
    """What these shifts and purchases cost, by the formulas above. They must satisfy rule REFERENCE (`wfm.rules`)."""
    wages = [wage_line(case, agent) for agent in case.agents]
    lines = [
        *wages,
        *_premium_lines(case, shifts),
        *_wish_lines(case, shifts),
        *_purchase_lines(case, purchases),
        *_work_lines(case, requirement, shifts, purchases),
    ]
    total = sum(line.cents for line in lines)
    return Bill(
        currency=case.currency,
        lines=tuple(lines),
        total_cents=total,
        changeable_cents=total - sum(line.cents for line in wages),
    )


def half_up(amount: Fraction) -> int:
    """The nearest whole number, the greater of two equally near ones."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def exact(number: float) -> Fraction:
    """A parameter as the decimal number that was written: 0.1 gives 1/10."""
    return Fraction(repr(number))


def wage_line(case: Case, agent: Agent) -> BillLine:
    """Contract wages of one agent over the plan."""
    minutes = case.contract_by_id[agent.contract].week_minutes * case.weeks
    cents = half_up(Fraction(minutes * agent.hourly_cost, 60))
    return BillLine(kind="wages", subject=agent.id, quantity=minutes / 60, unit="paid hours", cents=cents)


def tariff_cents(partner: Partner, hours: Fraction) -> int:
    """What a partner bills for the plan when `hours` productive hours are bought: its tariff at no less than the minimum."""
    return half_up(_tariff(partner, _billed_hours(partner, hours)))


def is_broken(case: Case, wish: Wish, shift: Shift) -> bool:
    """Whether a shift of the same agent breaks the wish."""
    if shift.day != wish.day:
        return False
    if wish.kind is WishKind.OFF:
        return True
    if wish.time is None:
        raise ValueError(f"wish of agent {wish.agent} for {wish.day}: {wish.kind} needs a time")
    limit = datetime.combine(wish.day, wish.time)
    slot = shift.first_slot if wish.kind is WishKind.START_AFTER else shift.last_slot
    wall = case.grid.instant(slot).astimezone(case.home_zone).replace(tzinfo=None)
    return wall < limit if wish.kind is WishKind.START_AFTER else wall > limit


def _premium_lines(case: Case, shifts: Iterable[Shift]) -> list[BillLine]:
    """Overtime of every agent, then holidays of every agent."""
    by_agent = shifts_by_agent(shifts)
    worked = [(agent, worked_time(case, agent, by_agent[agent.id])) for agent in case.agents if agent.id in by_agent]
    lines = [
        *(_premium_line("overtime", agent, _overtime(case, agent, time)) for agent, time in worked),
        *(_premium_line("holiday", agent, _holiday(case, agent, time)) for agent, time in worked),
    ]
    return [line for line in lines if line.quantity]


def _premium_line(kind: Literal["overtime", "holiday"], agent: Agent, paid: Paid) -> BillLine:
    weeks: dict[int, Fraction] = {}
    for week, minutes, multiple in paid:
        weeks[week] = weeks.get(week, Fraction(0)) + minutes * multiple * agent.hourly_base / 60
    return BillLine(
        kind=kind,
        subject=agent.id,
        quantity=sum(minutes for _, minutes, _ in paid) / 60,
        unit=f"{kind} hours",
        cents=sum(half_up(amount) for amount in weeks.values()),
    )


def _overtime(case: Case, agent: Agent, worked: WorkedTime) -> Paid:
    country = case.site_by_id[agent.site].country
    paid = []
    for index in np.unique(worked.shift[worked.overtime > 0]).tolist():
        day = worked.shifts[index].day
        premium = labour_pack(country).require(f"{country}-OT-PREMIUM", day).parameters
        for name, rest_day, night in PREMIUMS:
            of_name = (worked.shift == index) & (worked.rest_day == rest_day) & (worked.night == night)
            minutes = int(worked.overtime[of_name].sum())
            if minutes:
                paid.append((week_of(case, day), minutes, 1 + exact(premium[name])))
    return paid


def _holiday(case: Case, agent: Agent, worked: WorkedTime) -> Paid:
    country = case.site_by_id[agent.site].country
    paid = []
    for offset in np.unique(worked.day[worked.holiday]).tolist():
        day = case.first_day + timedelta(days=offset)
        premium = exact(labour_pack(country).require(f"{country}-HOLIDAY", day).parameters["premium"])
        multiple = premium if is_credited(case, agent, day) else 1 + premium
        of_day, slots = np.unique(worked.shift[worked.holiday & (worked.day == offset)], return_counts=True)
        for index, count in zip(of_day.tolist(), slots.tolist(), strict=True):
            paid.append((week_of(case, worked.shifts[index].day), count * case.interval_minutes, multiple))
    return paid


def _wish_lines(case: Case, shifts: Iterable[Shift]) -> list[BillLine]:
    by_agent = shifts_by_agent(shifts)
    broken: dict[str, list[int]] = {}
    for wish in case.wishes:
        if any(is_broken(case, wish, shift) for shift in by_agent.get(wish.agent, [])):
            broken.setdefault(wish.agent, []).append(wish.cost)
    return [
        BillLine(kind="wishes", subject=agent, quantity=len(costs), unit="broken wishes", cents=sum(costs))
        for agent, costs in broken.items()
    ]


def _billed_hours(partner: Partner, hours: Fraction) -> Fraction:
    return max(hours, exact(partner.min_billed_hours))


def _tariff(partner: Partner, hours: Fraction) -> Fraction:
    tiers = sorted((exact(tier.from_hours), tier.price_per_hour) for tier in partner.tiers)
    if partner.tier_mode is TierMode.ALL_UNITS:
        return hours * next(price for start, price in reversed(tiers) if start <= hours)
    ends = [start for start, _ in tiers[1:]] + [max(hours, tiers[-1][0])]
    return sum(
        (price * max(Fraction(0), min(hours, end) - start) for (start, price), end in zip(tiers, ends, strict=True)),
        Fraction(0),
    )


def _purchase_lines(case: Case, purchases: Iterable[Purchase]) -> list[BillLine]:
    bought = {partner.id: Fraction(0) for partner in case.partners}
    for purchase in purchases:
        bought[purchase.partner] += productive_hours(case, purchase)
    lines = []
    for partner in case.partners:
        hours = _billed_hours(partner, bought[partner.id])
        cents = tariff_cents(partner, hours)
        if hours:
            lines.append(
                BillLine(kind="purchase", subject=partner.id, quantity=float(hours), unit="billed hours", cents=cents)
            )
    return lines


def _work_lines(
    case: Case, requirement: Requirement, shifts: Iterable[Shift], purchases: Iterable[Purchase]
) -> list[BillLine]:
    """Shortage of every campaign, then lost contacts of every campaign."""
    available = {name: there.total for name, there in capacity_of(case, shifts, purchases).items()}
    lines = [
        *(_shortage_line(case, entry, available[entry.campaign]) for entry in requirement.campaigns),
        *(_lost_contacts_line(case, entry, available[entry.campaign]) for entry in requirement.campaigns),
    ]
    return [line for line in lines if line.quantity]


def _shortage_line(case: Case, entry: CampaignRequirement, available: Ints) -> BillLine:
    missing = int(unmet(entry, available).sum())
    price = case.campaign_by_id[entry.campaign].shortage_cost_per_hour
    milli_hours = Fraction(missing * case.interval_minutes, 60)
    return BillLine(
        kind="shortage",
        subject=entry.campaign,
        quantity=float(milli_hours / MILLI),
        unit="agent-hours missing",
        cents=half_up(milli_hours * price / MILLI),
    )


def _lost_contacts_line(case: Case, entry: CampaignRequirement, available: Ints) -> BillLine:
    milli_cents = 0 if entry.losses is None else sum(entry.losses.milli_cents(available.tolist()).values())
    price = case.campaign_by_id[entry.campaign].lost_contact_cost or 1
    return BillLine(
        kind="lost_contacts",
        subject=entry.campaign,
        quantity=float(Fraction(milli_cents, MILLI * price)),
        unit="expected lost contacts",
        cents=half_up(Fraction(milli_cents, MILLI)),
    )
