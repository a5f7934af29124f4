"""roster.csv: the canonical roster table, one row per activity of a shift."""

from __future__ import annotations

from collections.abc import Iterator

from data.export.cells import flag, local, table, text, utc
from wfm.case import Case
from wfm.clock import zone
from wfm.plan import IDLE, Plan, Segment

HEADER = (
    "schedule_id",
    "version",
    "site",
    "agent_id",
    "agent_email",
    "shift_id",
    "activity_code",
    "campaign",
    "start_local",
    "end_local",
    "time_zone",
    "start_utc",
    "end_utc",
    "paid",
    "minutes",
    "published",
    "tzdata",
)
DRAFT_VERSION = "1"
"""Version of a plan that is in no store, which counts them; the schedule's id comes from its case, so both are stable."""


def schedule_id(plan: Plan) -> str:
    """The id under which schedulers and partners know all plans of one case."""
    return plan.case_hash[:12]


def roster_csv(case: Case, plan: Plan, *, version: str = DRAFT_VERSION, published: bool = False) -> str:
    """The roster as CSV, sorted by agent and time. `activity_code` is work, idle or break:<name>; `campaign` only for work.

    Local times are the site's, by the version of the tz database in `tzdata`: should the law change a clock after that, the
    instants in UTC tell which of them no longer agree. `agent_email` is empty: the product knows no addresses. `version`
    counts the stored plans of the case, and `published` tells whether this one is in force.
    """
    return table(HEADER, _rows(case, plan, version, flag(published)))


def _rows(case: Case, plan: Plan, version: str, published: str) -> Iterator[tuple[str, ...]]:
    schedule = schedule_id(plan)
    for shift in sorted(plan.shifts, key=lambda shift: (shift.agent, shift.first_slot)):
        site = case.site_by_id[case.agent_by_id[shift.agent].site]
        tz = zone(site.time_zone)
        unpaid = {pause.name for pause in case.pattern_by_id[shift.pattern].breaks if not pause.paid}
        for segment in shift.segments:
            start, end = case.grid.instant(segment.first_slot), case.grid.instant(segment.last_slot)
            code, campaign = _activity(segment)
            yield (
                schedule,
                version,
                text(site.id),
                text(shift.agent),
                "",
                text(f"{shift.agent}-{shift.day}"),
                text(code),
                text(campaign),
                local(start, tz),
                local(end, tz),
                site.time_zone,
                utc(start),
                utc(end),
                flag(segment.break_name not in unpaid),
                str(segment.slots * case.interval_minutes),
                published,
                plan.tzdata_version,
            )


def _activity(segment: Segment) -> tuple[str, str]:
    if segment.break_name is not None or segment.activity == IDLE:
        return segment.activity, ""
    return "work", segment.activity
