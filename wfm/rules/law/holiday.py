"""<country>-HOLIDAY: nobody is at work a minute of a public holiday where the law does not allow it to the site."""

from __future__ import annotations

from collections.abc import Iterator

from wfm.case import Case
from wfm.clock import zone
from wfm.plan import Plan
from wfm.rules.law.measurement import Measurement
from wfm.rules.law.presence import margin_to, presence, whole_day
from wfm.rules.law.scope import days, labour_rule
from wfm.rules.words import kept_free
from wfm.worktime import shifts_by_agent

CODE = "HOLIDAY"


def measure(case: Case, plan: Plan) -> Iterator[Measurement]:
    for agent_id, shifts in shifts_by_agent(plan.shifts).items():
        agent = case.agent_by_id[agent_id]
        site = case.site_by_id[agent.site]
        if site.may_work_holidays:
            continue
        spans = [presence(case, shift) for shift in shifts]
        for day in days(case):
            holiday = case.calendar(site.country).holiday(day)
            rule = labour_rule(case, agent, CODE, day) if holiday else None
            margin = margin_to([whole_day(day, zone(site.time_zone))], spans)
            if holiday is not None and rule is not None and margin is not None:
                limit = f"0 min on {holiday.name}"
                yield Measurement(rule, agent_id, str(day), kept_free(margin), limit, margin, "min")
