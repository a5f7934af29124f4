"""<country>-REST-WEEK: where all rest on one weekday, nobody is at work a minute of it without authorisation."""

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

CODE = "REST-WEEK"


def measure(case: Case, plan: Plan) -> Iterator[Measurement]:
    for agent_id, shifts in shifts_by_agent(plan.shifts).items():
        agent = case.agent_by_id[agent_id]
        site = case.site_by_id[agent.site]
        if site.rest_weekday is None or site.rest_day_work:
            continue
        spans = [presence(case, shift) for shift in shifts]
        for day in days(case):
            rule = labour_rule(case, agent, CODE, day) if day.isoweekday() == site.rest_weekday else None
            margin = margin_to([whole_day(day, zone(site.time_zone))], spans)
            if rule is not None and margin is not None:
                limit = "0 min on the weekly rest day"
                yield Measurement(rule, agent_id, str(day), kept_free(margin), limit, margin, "min")
