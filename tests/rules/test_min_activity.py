"""MIN-ACTIVITY: the smallest legal and illegal stays, around breaks, closing time and short shifts."""

from __future__ import annotations

import pytest

from wfm.check import check_plan
from wfm.rules import min_activity

LUNCH = ("break:lunch", 2)


@pytest.mark.parametrize(
    ("activities", "found"),
    [
        # Service is open 8 to 17 and wants an hour and a half, mail has no minimum.
        ([("service", 3), ("mail", 1)], []),
        ([("service", 2), ("mail", 2)], ["60 min"]),
        ([("mail", 1), ("service", 2), ("idle", 1)], ["60 min"]),
        ([("service", 3), ("idle", 1), ("service", 1)], ["30 min"]),
        ([("service", 1), LUNCH, ("service", 2), ("mail", 4)], []),
        ([("service", 1), LUNCH, ("mail", 4)], ["30 min"]),
        ([("service", 2), LUNCH], []),
        ([("service", 1), ("idle", 1), LUNCH], ["30 min"]),
        ([("mail", 8)], []),
    ],
    ids=[
        "long enough", "short at the start", "short in the middle", "idle time ends it", "on after the break",
        "the break does not count", "no longer shift", "a short shift is filled", "no minimum",
    ],
)  # fmt: skip
def test_stays(tiny_case, with_campaign, make_shift, plan_of, activities, found):
    case = with_campaign(tiny_case, "service", min_activity_minutes=90)

    violations = min_activity.check(case, plan_of(make_shift("A2", 0, 9, *activities)))

    assert [violation.found for violation in violations] == found
    assert {(violation.rule, violation.subject) for violation in violations} <= {("MIN-ACTIVITY", "A2")}


@pytest.mark.parametrize(
    ("start", "activities", "limit"),
    [
        (7, [("mail", 2), ("service", 3)], None),
        (15.5, [("service", 3), ("mail", 3)], None),
        (16, [("service", 2), ("mail", 3)], None),
        (16, [("service", 1), ("mail", 4)], "60 min or more"),
        (15, [("mail", 2), ("service", 2), ("mail", 1)], "90 min or more"),
    ],
    ids=["from the opening on", "until closing", "an hour is all there is", "not all of it", "late for no reason"],
)
def test_opening_hours_excuse_what_they_make_short(
    tiny_case, with_campaign, make_shift, plan_of, start, activities, limit
):
    """Service closes at 17."""
    case = with_campaign(tiny_case, "service", min_activity_minutes=90)

    violations = min_activity.check(case, plan_of(make_shift("A2", 0, start, *activities)))

    assert [violation.limit for violation in violations] == ([limit] if limit else [])


def test_a_minimum_counts_whole_intervals(tiny_case, with_campaign, make_shift, plan_of):
    case = with_campaign(tiny_case, "service", min_activity_minutes=31)
    plan = plan_of(make_shift("A2", 0, 9, ("service", 1), ("mail", 3)))

    (violation,) = min_activity.check(case, plan)

    assert (violation.where, violation.limit) == ("2026-12-07 09:00, service", "60 min or more")


def test_the_check_of_a_plan_holds_the_rule(tiny_case, tiny_requirement, tiny_plan, with_campaign):
    case = with_campaign(tiny_case, "mail", min_activity_minutes=480)

    broken = {violation.rule for violation in check_plan(case, tiny_requirement, tiny_plan)}

    assert "MIN-ACTIVITY" in broken
    assert "MIN-ACTIVITY" not in {entry.rule for entry in check_plan(tiny_case, tiny_requirement, tiny_plan)}
