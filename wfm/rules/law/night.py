"""<country>-NIGHT: minors are not at work in the night hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from wfm.case import Case
from wfm.clock import day_start, zone
from wfm.law import LawRule
from wfm.plan import Plan
from wfm.rules.law.measurement import Measurement
from wfm.rules.law.presence import DAY, Span, margin_to, presence
from wfm.rules.law.scope import labour_rule
from wfm.rules.words import kept_free

CODE = "NIGHT"


def measure(case: Case, plan: Plan) -> Iterator[Measurement]:
    for shift in plan.shifts:
        agent = case.agent_by_id[shift.agent]
        if agent.adult_from is None or shift.day >= agent.adult_from:
            continue
        rule = labour_rule(case, agent, CODE, shift.day)
        if rule is None:
            continue
        tz = zone(case.site_by_id[agent.site].time_zone)
        start, end = presence(case, shift)
        minor_until = day_start(agent.adult_from, tz)
        nights = [_night(rule, shift.day + offset * DAY, tz) for offset in (-1, 0, 1)]
        margin = margin_to(nights, [(start, min(end, minor_until))])
        if margin is not None:
            limit = f"0 min from {rule.parameters['from']} to {rule.parameters['to']} before {agent.adult_from}"
            yield Measurement(rule, agent.id, f"shift of {shift.day}", kept_free(margin), limit, margin, "min")


def _night(rule: LawRule, day: date, tz: ZoneInfo) -> Span:
    """[start, end) of the night hours that begin on a local day, UTC."""
    begins, ends = (time.fromisoformat(rule.parameters[key]) for key in ("from", "to"))
    start, end = datetime.combine(day, begins, tz), datetime.combine(day + DAY * (ends <= begins), ends, tz)
    return start.astimezone(UTC), end.astimezone(UTC)
