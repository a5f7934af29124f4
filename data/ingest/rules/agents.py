"""Rules on agents, skills, absences and wishes."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from data.ingest.cells import Moment, absence_span
from data.ingest.draft import Draft
from data.ingest.parsed import Row
from data.ingest.problems import Problems
from data.ingest.rules.rule import rule, tell
from wfm.clock import day_start
from wfm.errors import WallTimeError


@rule("agents", "skills")
def agent_skills(draft: Draft, problems: Problems) -> None:
    """Every agent has a skill."""
    skilled = draft.grouped("skills", "agent")
    for row in draft.rows("agents"):
        if row.has("agent") and row["agent"] not in skilled:
            tell(problems, row, "agent", "the agent has no skill", "Add a row to skills, or leave the agent out.")


@rule("campaigns", "skills")
def skills_used(draft: Draft, problems: Problems) -> None:
    """Every skill in the table skills is the skill of a campaign."""
    if any(not row.has("skill") for row in draft.rows("campaigns")):
        return
    used = {row["skill"] for row in draft.rows("campaigns")}
    for row in draft.rows("skills"):
        if row.has("skill") and row["skill"] not in used:
            mend = f"Correct the skill; campaigns need: {', '.join(sorted(used))}."
            tell(problems, row, "skill", "no campaign needs this skill", mend)


@rule("campaigns", "skills", "partners", "partner_campaigns")
def campaign_workable(draft: Draft, problems: Problems) -> None:
    """Every campaign can be worked by somebody: an agent with its skill at min_level or above or, unless it is a test or
    all in-house, a partner certified for it.
    """
    if any(not row.has("skill", "level") for row in draft.rows("skills")):
        return
    certified = draft.grouped("partner_campaigns", "campaign")
    for row in draft.rows("campaigns"):
        if not row.has("campaign", "skill", "min_level", "stage", "min_inhouse_share"):
            continue
        able = any(s["skill"] == row["skill"] and s["level"] >= row["min_level"] for s in draft.rows("skills"))
        sold = row["campaign"] in certified and row["stage"] != "test" and row["min_inhouse_share"] < 1
        if not able and not sold:
            reason = f"nobody can work it: no agent has {row['skill']!r} at level {row['min_level']}, no partner may"
            mend = "Give an agent the skill, or certify a partner for the campaign."
            tell(problems, row, "campaign", reason, mend)


@rule("plan", "sites", "agents")
def last_shift(draft: Draft, problems: Problems) -> None:
    """last_shift_end is not after the start of first_day and, without offset, a wall time that occurs exactly once."""
    if draft.home_zone is None or not draft.plan.has("first_day"):
        return
    start = day_start(draft.plan["first_day"], draft.home_zone)
    for row in draft.rows("agents"):
        if row.has("last_shift_end"):
            end = _instant(row, "last_shift_end", draft.home_zone, problems)
            if end is not None and end > start:
                mend = "Give the end of the last shift before the plan."
                tell(problems, row, "last_shift_end", f"after the start of the plan on {draft.plan['first_day']}", mend)


@rule("sites", "absences")
def absence_spans(draft: Draft, problems: Problems) -> None:
    """An absence has two dates (whole days, the last included) or two times; it does not end before it starts (two times:
    not at once either); the absences of one agent do not overlap.
    """
    if draft.home_zone is None:
        return
    for rows in draft.grouped("absences", "agent").values():
        taken: list[tuple[datetime, datetime, int]] = []
        for row in rows:
            span = _absence(row, draft.home_zone, problems) if row.has("start", "end") else None
            if span is None:
                continue
            other = next((number for start, end, number in taken if start < span[1] and span[0] < end), None)
            if other is not None:
                mend = "Merge the two rows, or correct their days."
                tell(problems, row, "start", f"overlaps the absence of row {other}", mend)
            taken.append((*span, row.number))


def _absence(row: Row, tz: ZoneInfo, problems: Problems) -> tuple[datetime, datetime] | None:
    start, end = row["start"], row["end"]
    if start.is_date != end.is_date:
        mend = "Give two dates for whole days, or a time with both."
        tell(problems, row, "end", "one of start and end has a time, the other has none", mend)
        return None
    try:
        span = absence_span(start, end, tz)
    except WallTimeError:
        for column in ("start", "end"):
            _instant(row, column, tz, problems)
        return None
    if span[1] <= span[0]:
        tell(problems, row, "end", f"not after start {row.texts['start']!r}", "Exchange or correct the two.")
        return None
    return span


def _instant(row: Row, column: str, tz: ZoneInfo, problems: Problems) -> datetime | None:
    moment: Moment = row[column]
    try:
        return moment.utc(tz)
    except WallTimeError as error:
        tell(problems, row, column, str(error), clock_mend(moment))
        return None


def clock_mend(moment: Moment) -> str:
    """How to write a wall time that is skipped or occurs twice."""
    return f"Write the UTC offset behind it, such as {moment.wall:%Y-%m-%dT%H:%M}+01:00."


@rule("plan", "wishes")
def wish_days(draft: Draft, problems: Problems) -> None:
    """A wish is for a day of the plan; it has a time (after 00:00) unless its kind is off, and none if it is."""
    for row in draft.rows("wishes"):
        if row.has("day") and draft.days and not draft.days[0] <= row["day"] <= draft.days[-1]:
            reason = f"outside the plan, {draft.days[0]} to {draft.days[-1]}"
            tell(problems, row, "day", reason, "Remove the wish, or correct its day.")
        if not row.has("kind"):
            continue
        if row["kind"] == "off" and row.has("time"):
            tell(problems, row, "time", "a time with kind off", "Leave it empty, or choose another kind.")
        elif row["kind"] != "off" and (row.empty("time") or row.get("time") == time(0)):
            tell(problems, row, "time", f"no time after 00:00, but needed for {row['kind']}", "Fill it in.")


RULES = (
    agent_skills,
    skills_used,
    campaign_workable,
    last_shift,
    absence_spans,
    wish_days,
)
