"""<country>-RAMADAN (soft): shifts of days of fasting are short, and have a break where the sun sets on them.

A shift that ends within the same time of sunset needs no break: the fast is then broken at home.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from wfm.case import Case
from wfm.law import LawRule, labour_pack
from wfm.plan import Plan, Shift
from wfm.rules.law.measurement import Measurement
from wfm.rules.law.presence import MINUTE, presence
from wfm.rules.law.scope import labour_rule
from wfm.rules.words import hours
from wfm.sunset import sunset
from wfm.worktime import effective_minutes

CODE = "RAMADAN"


def measure(case: Case, plan: Plan) -> Iterator[Measurement]:
    for shift in plan.shifts:
        agent = case.agent_by_id[shift.agent]
        rule = labour_rule(case, agent, CODE, shift.day)
        if rule is None or not case.calendar(case.site_by_id[agent.site].country).fasting(shift.day):
            continue
        worked, limit = effective_minutes(case, shift), rule.parameters["effective_minutes"]
        where = f"shift of {shift.day}"
        yield Measurement(rule, agent.id, where, f"{hours(worked)} of work", hours(limit), limit - worked, "min")
        yield from _iftar(case, shift, rule)


def _iftar(case: Case, shift: Shift, rule: LawRule) -> Iterator[Measurement]:
    """How near to sunset the break is. Sunset is that of the first own site's city, as `wfm.ramadan` has it."""
    site = case.sites[0]
    city = labour_pack(site.country).cities.get(site.city)
    if city is None:
        return
    at = sunset(city.latitude, city.longitude, shift.day)
    start, end = presence(case, shift)
    if not start < at < end:
        return
    around = rule.parameters["around_minutes"]
    breaks = [segment for segment in shift.segments if segment.break_name is not None]
    spans = [(case.grid.instant(pause.first_slot), case.grid.instant(pause.last_slot)) for pause in breaks]
    away = min(_minutes_from(at, *span) for span in [*spans, (end, end)])
    yield Measurement(
        rule=rule,
        subject=shift.agent,
        where=f"shift of {shift.day}, sunset at {at.astimezone(case.home_zone):%H:%M}",
        found=f"break or end {away} min from sunset",
        limit=f"{around} min",
        margin=around - away,
        unit="min",
    )


def _minutes_from(at: datetime, start: datetime, end: datetime) -> int:
    """Minutes from an instant to the start of a break, 0 when it lies in the break."""
    return 0 if start <= at < end else abs(start - at) // MINUTE
