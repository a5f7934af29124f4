"""Who is away, and so neither stands by nor is sent on leave."""

from __future__ import annotations

from datetime import date

from wfm.agent import Agent
from wfm.case import Case
from wfm.clock import day_starts


def is_absent(case: Case, agent: Agent, day: date) -> bool:
    """Whether an absence of the agent covers any minute of a local day of the own sites."""
    start, end = day_starts(day, 1, case.home_zone)
    return any(absence.agent == agent.id and absence.start < end and start < absence.end for absence in case.absences)
