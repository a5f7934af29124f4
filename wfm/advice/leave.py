"""Paid hours without work on days that the customers' country keeps and the site's does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from wfm.advice.absent import is_absent
from wfm.advice.advice import Advice, AdviceKind
from wfm.agent import Agent, Site
from wfm.campaign import Channel
from wfm.case import Case
from wfm.opening import legal_spans
from wfm.overtime import regular_week_minutes
from wfm.plan import IDLE, Plan, Shift
from wfm.worktime import shifts_by_agent, week_of, week_thresholds


def leave_or_training(case: Case, plan: Plan) -> Iterator[Advice]:
    """For every day of the plan that is a holiday of a market's country but not of the site's, and every agent: the idle time
    of the day's shift; or, for those who have none on a day that their contract's week stands for, and whose week stays
    below it, the hours of a contract day, as far as the week lacks them. Such hours are paid in any case.
    """
    own = shifts_by_agent(plan.shifts)
    lacking: dict[tuple[str, int], int] = {}
    for offset in range(case.days):
        day = case.first_day + timedelta(days=offset)
        for agent in case.agents:
            site = case.site_by_id[agent.site]
            why = _why(case, site, day)
            if why is None:
                continue
            shifts = own.get(agent.id, [])
            of_day = [shift for shift in shifts if shift.day == day]
            key = agent.id, week_of(case, day)
            if of_day:
                minutes, what = _idle(of_day) * case.interval_minutes, "idle hours of the shift"
            elif _is_due(case, agent, site, day):
                if key not in lacking:
                    lacking[key] = _lack(case, agent, shifts, key[1])
                minutes = min(case.contract_by_id[agent.contract].leave_credit_minutes, lacking[key])
                lacking[key] -= minutes
                what = "paid hours without a shift"
            else:
                minutes, what = 0, ""
            if minutes > 0:
                yield Advice(
                    kind=AdviceKind.LEAVE_OR_TRAINING,
                    day=day,
                    subject=agent.id,
                    hours=minutes / 60,
                    cents=None,
                    reason=f"{why}. Grant leave in the {what}, or train.",
                )


def _why(case: Case, site: Site, day: date) -> str | None:
    """What the customers keep that the site does not, None on other days."""
    if case.calendar(site.country).is_holiday(day):
        return None
    kept = []
    for market in case.markets:
        holidays = case.calendar(market.country)
        holiday = holidays.holiday(day)
        if holiday is None:
            continue
        calls = any(
            campaign.market == market.id and campaign.channel is Channel.OUTBOUND for campaign in case.campaigns
        )
        silence = ", when nobody may be called" if calls and not legal_spans(holidays, day) else ""
        kept.append(f"{holiday.name} is a holiday of {market.name}{silence}, and none at {site.name}")
    return "; ".join(kept) or None


def _idle(shifts: list[Shift]) -> int:
    return sum(segment.slots for shift in shifts for segment in shift.segments if segment.activity == IDLE)


def _is_due(case: Case, agent: Agent, site: Site, day: date) -> bool:
    """Whether the contract's week stands for the day (its first days_per_week days, but the rest day) and no absence for it."""
    working = case.contract_by_id[agent.contract].days_per_week
    is_working_day = day.isoweekday() <= working and day.isoweekday() != site.rest_weekday
    return is_working_day and not is_absent(case, agent, day)


def _lack(case: Case, agent: Agent, shifts: list[Shift], week: int) -> int:
    """Minutes of a week that the contract owes and no shift fills."""
    return max(0, week_thresholds(case, agent)[week] - regular_week_minutes(case, agent, shifts)[week])
