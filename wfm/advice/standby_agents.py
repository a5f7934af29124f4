"""Who could be called on a day on which a feast may fall or not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction

from wfm.advice.absent import is_absent
from wfm.advice.advice import Advice, AdviceKind
from wfm.advice.risk import RiskDay, as_holiday, days_at_risk
from wfm.agent import Agent
from wfm.case import Case
from wfm.clock import to_utc, zone
from wfm.costs import bill, exact
from wfm.errors import WallTimeError
from wfm.law import labour_pack
from wfm.pay import is_credited
from wfm.plan import IDLE, Plan, Segment, Shift
from wfm.ramadan import in_season
from wfm.requirement import Requirement
from wfm.rules import RULES
from wfm.rules.law import measurements
from wfm.shift import ShiftPattern
from wfm.violation import Violation
from wfm.worktime import effective_minutes, shifts_by_agent


def standby_agents(case: Case, requirement: Requirement, plan: Plan) -> Iterator[Advice]:
    """For every day at risk at a site, agents of the site with neither shift nor absence that day who could legally take a
    shift, should the day be a holiday: at most as many as are rostered there that day, the cheapest holiday hour first.

    `hours` is the longest shift that adds no breach of a rule to the agent's own plan (rest, days in a row, hours of the week
    and all others); of equally long ones the first by pattern and start. `cents` is what it would add to the bill.
    """
    own = shifts_by_agent(plan.shifts)
    for risk in days_at_risk(case):
        agents = [agent for agent in case.agents if agent.site == risk.site.id]
        rostered = {agent.id for agent in agents if any(shift.day == risk.day for shift in own.get(agent.id, []))}
        off = [agent for agent in agents if agent.id not in rostered and not is_absent(case, agent, risk.day)]
        wanted = len(rostered)
        then = as_holiday(case, risk)
        for agent in sorted(off, key=lambda agent: (_hour(then, agent, risk), agent.id)):
            if not wanted:
                break
            advice = _standby(_alone(then, agent), requirement, plan, own.get(agent.id, []), risk)
            if advice is not None:
                wanted -= 1
                yield advice


def _hour(case: Case, agent: Agent, risk: RiskDay) -> Fraction:
    """What an hour of the agent's work on the day costs on top of wages, minor units (`wfm.costs`, holiday)."""
    law = labour_pack(risk.site.country).require(f"{risk.site.country}-HOLIDAY", risk.day)
    premium = exact(law.parameters["premium"])
    return agent.hourly_base * (premium if is_credited(case, agent, risk.day) else 1 + premium)


def _alone(case: Case, agent: Agent) -> Case:
    """The case with one agent, no campaigns and no partners: what law and contract ask of that agent."""
    absences = tuple(absence for absence in case.absences if absence.agent == agent.id)
    nobody = {"campaigns": (), "opening_hours": (), "partners": (), "wishes": ()}
    return case.model_copy(update={"agents": (agent,), "absences": absences, **nobody})


def _standby(case: Case, requirement: Requirement, plan: Plan, shifts: list[Shift], risk: RiskDay) -> Advice | None:
    [agent] = case.agents
    own = [_without_work(shift) for shift in shifts]
    no_work = requirement.model_copy(update={"campaigns": ()})
    found = _longest_legal(case, no_work, plan, own, risk)
    if found is None:
        return None
    costs = [bill(case, no_work, taken, ()).total_cents for taken in (own, [*own, found])]
    start, end = (
        case.grid.instant(slot).astimezone(zone(risk.site.time_zone)) for slot in (found.first_slot, found.last_slot)
    )
    return Advice(
        kind=AdviceKind.STANDBY_AGENT,
        day=risk.day,
        subject=agent.id,
        hours=effective_minutes(case, found) / 60,
        cents=costs[1] - costs[0],
        reason=f"{risk.why}. Off that day, and free to work {start:%H:%M} to {end:%H:%M} ({found.pattern}).",
    )


def _longest_legal(case: Case, requirement: Requirement, plan: Plan, own: list[Shift], risk: RiskDay) -> Shift | None:
    """The longest shift on the day that adds no breach to an agent's own shifts."""
    before = set(_breaches(case, requirement, plan, own))
    [agent] = case.agents
    patterns = [
        pattern
        for pattern in case.shift_patterns
        if pattern.contract in (None, agent.contract) and in_season(case, pattern, risk.day)
    ]
    for pattern in sorted(patterns, key=lambda pattern: (-pattern.effective_minutes, pattern.id)):
        for shift in _shifts(case, agent, pattern, risk):
            if all(breach in before for breach in _breaches(case, requirement, plan, [*own, shift])):
                return shift
    return None


def _breaches(case: Case, requirement: Requirement, plan: Plan, shifts: list[Shift]) -> Iterator[Violation]:
    """What is illegal about an agent's shifts, found one by one: most trials end at the first, and rest is looked at early."""
    alone = plan.model_copy(update={"shifts": tuple(shifts), "purchases": ()})
    law = measurements(case, requirement, alone)
    yield from (entry.violation() for entry in law if entry.rule.hard and not entry.is_legal)
    for rule in RULES:
        yield from rule(case, alone)


def _without_work(shift: Shift) -> Shift:
    """The shift with no campaign: the same times, breaks and pay."""
    segments = tuple(
        segment if segment.break_name is not None else segment.model_copy(update={"activity": IDLE})
        for segment in shift.segments
    )
    return shift.model_copy(update={"segments": segments})


def _shifts(case: Case, agent: Agent, pattern: ShiftPattern, risk: RiskDay) -> Iterator[Shift]:
    """Shifts of a pattern on the day from the earliest start on, each break as early as may be. A break at sunset falls away:
    the days at risk follow the month of fasting.
    """
    tz, step = zone(risk.site.time_zone), timedelta(minutes=pattern.step_minutes)
    wall = datetime.combine(risk.day, pattern.earliest_start)
    while wall <= datetime.combine(risk.day, pattern.latest_start):
        try:
            start = to_utc(wall, tz)
        except WallTimeError:  # no shift starts at a time that the clock skips or repeats
            pass
        else:
            first, slots = case.grid.slot(start), pattern.presence_minutes // case.interval_minutes
            if case.grid.is_aligned(start) and first + slots <= case.grid.slots:
                yield Shift(agent=agent.id, day=risk.day, pattern=pattern.id, segments=_segments(case, pattern, first))
        wall += step


def _segments(case: Case, pattern: ShiftPattern, first: int) -> tuple[Segment, ...]:
    segments, slot = [], first
    for pause in pattern.breaks:
        if pause.at_sunset:
            continue
        start = first + pause.earliest_after // case.interval_minutes
        if start > slot:
            segments.append(Segment(activity=IDLE, first_slot=slot, slots=start - slot))
        segments.append(
            Segment(activity=f"break:{pause.name}", first_slot=start, slots=pause.minutes // case.interval_minutes)
        )
        slot = segments[-1].last_slot
    last = first + pattern.presence_minutes // case.interval_minutes
    if last > slot:
        segments.append(Segment(activity=IDLE, first_slot=slot, slots=last - slot))
    return tuple(segments)
