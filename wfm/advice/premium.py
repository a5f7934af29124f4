"""What it would cost if a day that the plan takes for an ordinary one became a holiday."""

from __future__ import annotations

from collections.abc import Iterator

from wfm.advice.advice import Advice, AdviceKind
from wfm.advice.risk import as_holiday, days_at_risk
from wfm.agent import Site
from wfm.case import Case
from wfm.costs import bill
from wfm.pay import pay_clock
from wfm.plan import Bill, Plan
from wfm.requirement import Requirement
from wfm.worktime import effective_slots


def premium_at_risk(case: Case, requirement: Requirement, plan: Plan) -> Iterator[Advice]:
    """One row per site and day at risk on which it works and which the plan does not price as a holiday.

    `hours` is effective work on that day; `cents` the overtime and holiday pay of the site's agents with that holiday less
    that without: the holiday also counts towards the week of those who have it off. None where nobody may work on a
    holiday: the shifts would fall away.
    """
    for risk in days_at_risk(case):
        minutes = 0 if risk.is_planned else _minutes(case, plan, risk.site, (risk.day - case.first_day).days)
        if not minutes:
            continue
        if risk.site.may_work_holidays:
            costs = bill(as_holiday(case, risk), requirement, plan.shifts, plan.purchases)
            cents = _premiums(case, risk.site, costs) - _premiums(case, risk.site, plan.bill)
            then = "The shifts of this day would then cost holiday pay"
        else:
            cents = None
            then = "Nobody may work at the site on a holiday: the shifts of this day would then fall away"
        yield Advice(
            kind=AdviceKind.PREMIUM_AT_RISK,
            day=risk.day,
            subject=risk.site.id,
            hours=minutes / 60,
            cents=cents,
            reason=f"{risk.why}. {then}.",
        )


def _minutes(case: Case, plan: Plan, site: Site, day: int) -> int:
    """Effective minutes of a site's agents on a local day, 0 for the first of the plan."""
    of_day = pay_clock(case, site).day == day
    slots = sum(
        int(of_day[effective_slots(case, shift)].sum())
        for shift in plan.shifts
        if case.agent_by_id[shift.agent].site == site.id
    )
    return slots * case.interval_minutes


def _premiums(case: Case, site: Site, costs: Bill) -> int:
    """Overtime and holiday pay of a site's agents, minor units."""
    return sum(
        line.cents
        for line in costs.lines
        if line.kind in {"overtime", "holiday"} and case.agent_by_id[line.subject].site == site.id
    )
