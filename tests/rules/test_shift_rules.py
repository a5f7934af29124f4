"""Rules on one shift: what it names, its shape, one a day, absences."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from wfm.agent import Absence, AbsenceKind
from wfm.plan import Purchase, Shift
from wfm.rules import absence, one_shift_a_day, references, shift_shape
from wfm.shift import Break, Season

LUNCH = ("break:lunch", 2)
MONDAY = date(2026, 12, 7)


@pytest.fixture
def legal(make_shift) -> Shift:
    return make_shift("A1", 0, 8, ("service", 6), LUNCH, ("mail", 8))


def faults(check, case, plan):
    return [(violation.subject, violation.found) for violation in check(case, plan)]


def with_shift(plan, *shifts):
    return plan.model_copy(update={"shifts": shifts})


def test_the_tiny_plan_names_only_what_exists(tiny_case, tiny_plan):
    assert references.check(tiny_case, tiny_plan) == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"agent": "A9"}, "unknown agent"),
        ({"pattern": "night"}, "unknown pattern night"),
        ({"day": date(2026, 12, 14)}, "day 2026-12-14"),
    ],
)
def test_a_shift_of_something_unknown(tiny_case, tiny_plan, legal, changes, found):
    shift = legal.model_copy(update=changes)

    assert (shift.agent, found) in faults(references.check, tiny_case, with_shift(tiny_plan, shift))


@pytest.mark.parametrize(("activity", "known"), [("mail", True), ("idle", True), ("break:tea", False), ("golf", False)])
def test_activities_are_campaigns_idle_and_the_pattern_s_breaks(tiny_case, tiny_plan, make_shift, activity, known):
    plan = with_shift(tiny_plan, make_shift("A1", 0, 8, (activity, 16)))

    assert (references.check(tiny_case, plan) == []) is known


@pytest.mark.parametrize("start", [-0.5, 24 * 7 - 7.5])
def test_slots_outside_the_grid(tiny_case, tiny_plan, make_shift, start):
    shift = make_shift("A1", 0, start, ("idle", 16))

    assert len(references.check(tiny_case, with_shift(tiny_plan, shift))) == 1


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"partner": "nobody"}, "unknown partner"),
        ({"campaign": "golf"}, "unknown campaign"),
        ({"shift": "night"}, "unknown block shift"),
        ({"day": date(2026, 12, 14)}, "day 2026-12-14"),
    ],
)
def test_a_purchase_of_something_unknown(tiny_case, tiny_plan, changes, found):
    purchase = Purchase(partner="casa", campaign="service", day=MONDAY, shift="am", blocks=1)
    plan = tiny_plan.model_copy(update={"purchases": (purchase.model_copy(update=changes),)})

    assert found in [violation.found for violation in references.check(tiny_case, plan)]


def test_another_grid_than_the_case_s(tiny_case, tiny_plan):
    plan = tiny_plan.model_copy(update={"grid": tiny_case.grid.model_copy(update={"slots": 335})})

    assert [violation.where for violation in references.check(tiny_case, plan)] == ["grid"]


def test_a_shift_of_the_pattern(tiny_case, tiny_plan, legal):
    assert shift_shape.check(tiny_case, with_shift(tiny_plan, legal)) == []


@pytest.mark.parametrize(
    ("start", "activities", "found"),
    [
        (7.5, [("service", 6), LUNCH, ("mail", 8)], "starts 07:30"),
        (10.5, [("service", 6), LUNCH, ("mail", 8)], "starts 10:30"),
        (8, [("service", 6), LUNCH, ("mail", 9)], "510 min of presence"),
        (8, [("service", 5), LUNCH, ("mail", 9)], "lunch 150 min after the start"),
        (8, [("service", 9), LUNCH, ("mail", 5)], "lunch 270 min after the start"),
        (8, [("service", 6), ("break:lunch", 1), ("mail", 9)], "lunch of 30 min"),
        (8, [("service", 16)], "breaks: none"),
        (8, [("service", 4), LUNCH, LUNCH, ("mail", 8)], "breaks: lunch, lunch"),
    ],
)
def test_a_shift_unlike_its_pattern(tiny_case, tiny_plan, make_shift, *, start, activities, found):
    shift = make_shift("A1", 0, start, *activities)

    assert faults(shift_shape.check, tiny_case, with_shift(tiny_plan, shift)) == [("A1", found)]


def test_starts_lie_on_the_pattern_s_steps(tiny_case, tiny_plan, make_shift):
    hourly = tiny_case.shift_patterns[0].model_copy(update={"step_minutes": 60})
    case = tiny_case.model_copy(update={"shift_patterns": (hourly,)})
    shifts = [make_shift("A1", day, start, ("idle", 6), LUNCH, ("idle", 8)) for day, start in ((0, 8), (1, 8.5))]

    assert faults(shift_shape.check, case, with_shift(tiny_plan, *shifts)) == [("A1", "starts 08:30")]


def test_a_gap_between_segments(tiny_case, tiny_plan, legal):
    work, lunch, rest = legal.segments
    late = rest.model_copy(update={"first_slot": rest.first_slot + 1, "slots": rest.slots - 1})
    shift = legal.model_copy(update={"segments": (work, lunch, late)})

    assert faults(shift_shape.check, tiny_case, with_shift(tiny_plan, shift)) == [
        ("A1", "gap or overlap at 2026-12-07 12:00")
    ]


def test_a_shift_filed_under_another_day(tiny_case, tiny_plan, legal):
    shift = legal.model_copy(update={"day": date(2026, 12, 8)})

    assert faults(shift_shape.check, tiny_case, with_shift(tiny_plan, shift)) == [("A1", "starts 2026-12-07 08:00")]


def test_a_pattern_of_another_contract(tiny_case, tiny_plan, legal):
    part_time = tiny_case.shift_patterns[0].model_copy(update={"contract": "part_time"})
    case = tiny_case.model_copy(update={"shift_patterns": (part_time,)})

    assert faults(shift_shape.check, case, with_shift(tiny_plan, legal)) == [("A1", "contract full")]


@pytest.fixture
def iftar_case(tiny_case):
    """Rabat in Ramadan 2026: the sun sets at about 18:24 on 2 March, so that the break may start at 18:30 alone."""
    pause = Break(name="iftar", minutes=30, paid=False, earliest_after=0, latest_after=0, at_sunset=True)
    pattern = tiny_case.shift_patterns[0].model_copy(
        update={
            "latest_start": time(18),
            "presence_minutes": 360,
            "breaks": (pause,),
            "season": Season.RAMADAN,
        }
    )
    return tiny_case.model_copy(update={"first_day": date(2026, 3, 2), "shift_patterns": (pattern,)})


@pytest.fixture
def fasting(make_shift):
    """A shift of the first day of that case."""

    def make(start, *activities):
        return make_shift("A1", 0, start, *activities).model_copy(update={"day": date(2026, 3, 2)})

    return make


IFTAR = ("break:iftar", 1)


@pytest.mark.parametrize(
    ("start", "activities", "found"),
    [
        (14, [("idle", 9), IFTAR, ("idle", 2)], []),
        (13, [("idle", 11), IFTAR], []),
        (14, [("idle", 8), IFTAR, ("idle", 3)], ["iftar at 18:00"]),
        (14, [("idle", 12)], ["breaks: none"]),
        (14, [("idle", 9), ("break:iftar", 2), ("idle", 1)], ["iftar of 60 min"]),
        (12.5, [("idle", 12)], []),
        (12.5, [("idle", 11), IFTAR], ["breaks: iftar"]),
        (8, [("idle", 12)], []),
        (18, [("idle", 1), IFTAR, ("idle", 10)], []),
    ],
    ids=["18:30", "last", "early", "left out", "long", "ends first", "before sunset", "morning", "evening"],
)
def test_the_break_at_sunset(iftar_case, tiny_plan, fasting, *, start, activities, found):
    violations = shift_shape.check(iftar_case, with_shift(tiny_plan, fasting(start, *activities)))

    assert [violation.found for violation in violations] == found


def test_patterns_have_their_season(iftar_case, tiny_case, tiny_plan, fasting, make_shift):
    (pattern,) = iftar_case.shift_patterns
    usual = pattern.model_copy(update={"season": Season.OUTSIDE_RAMADAN})
    always = pattern.model_copy(update={"season": None})
    shift = fasting(8, ("idle", 12))

    assert faults(
        shift_shape.check, iftar_case.model_copy(update={"shift_patterns": (usual,)}), with_shift(tiny_plan, shift)
    ) == [("A1", "starts on 2026-03-02")]
    assert (
        faults(
            shift_shape.check, iftar_case.model_copy(update={"shift_patterns": (always,)}), with_shift(tiny_plan, shift)
        )
        == []
    )
    december = tiny_case.model_copy(update={"shift_patterns": (pattern,)})
    assert faults(shift_shape.check, december, with_shift(tiny_plan, make_shift("A1", 0, 14, ("idle", 12)))) == [
        ("A1", "starts on 2026-12-07")
    ]


def test_one_shift_a_day(tiny_case, tiny_plan, make_shift, legal):
    next_day = make_shift("A1", 1, 8, ("idle", 16))
    second = make_shift("A1", 0, 17, ("idle", 2))

    assert one_shift_a_day.check(tiny_case, with_shift(tiny_plan, legal, next_day)) == []
    assert faults(one_shift_a_day.check, tiny_case, with_shift(tiny_plan, legal, second)) == [("A1", "2 shifts")]


def test_shifts_of_two_days_do_not_overlap(tiny_case, tiny_plan, make_shift):
    night, morning = make_shift("A1", 0, 20, ("idle", 16)), make_shift("A1", 1, 3, ("idle", 16))

    assert faults(one_shift_a_day.check, tiny_case, with_shift(tiny_plan, night, morning)) == [
        ("A1", "2 shifts at once")
    ]


@pytest.mark.parametrize(
    ("start", "end", "broken"), [(6, 8, False), (6, 8.5, True), (11, 12, True), (15.5, 18, True), (16, 18, False)]
)
def test_nobody_works_while_absent(tiny_case, tiny_plan, legal, *, start, end, broken):
    midnight = datetime(2026, 12, 7, tzinfo=UTC)
    away = Absence(
        agent="A1",
        start=midnight + timedelta(hours=start),
        end=midnight + timedelta(hours=end),
        kind=AbsenceKind.UNAVAILABLE,
        whole_day=False,
    )
    case = tiny_case.model_copy(update={"absences": (away,)})

    assert bool(absence.check(case, with_shift(tiny_plan, legal))) is broken
