"""Law and custom on breaks, and on days of fasting. Ramadan 2026 begins on 19 February; Rabat is then at UTC+0."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from wfm.rules.law import breaks, ramadan

RAMADAN = date(2026, 3, 2)
"""A Monday of Ramadan; the sun sets at Rabat at about 18:24."""


@pytest.fixture
def fasting_case(tiny_case):
    return tiny_case.model_copy(update={"first_day": RAMADAN})


@pytest.fixture
def in_ramadan(make_shift):
    """A shift on Monday 2026-03-02."""

    def make(start, *activities):
        return make_shift("A1", 0, start, *activities).model_copy(update={"day": RAMADAN})

    return make


@pytest.mark.parametrize(
    ("work", "pause", "margins"),
    [(12, 1, []), (13, 2, [0]), (13, 1, [-30])],
    ids=["six hours", "an hour of break", "half an hour"],
)
def test_a_long_shift_has_an_hour_of_breaks(tiny_case, make_shift, plan_of, *, work, pause, margins):
    plan = plan_of(make_shift("A1", 0, 8, ("idle", 6), ("break:lunch", pause), ("idle", work - 6)))

    assert [(entry.rule.code, entry.margin) for entry in breaks.measure(tiny_case, plan)] == [
        ("MA-BREAK", margin) for margin in margins
    ]


def test_half_an_hour_will_do_in_ramadan(fasting_case, in_ramadan, plan_of):
    plan = plan_of(in_ramadan(8, ("idle", 6), ("break:lunch", 1), ("idle", 7)))

    assert [entry.margin for entry in breaks.measure(fasting_case, plan)] == [0]


@pytest.mark.parametrize(("slots", "margin"), [(14, 0), (15, -30)])
def test_days_of_fasting_are_short(fasting_case, in_ramadan, plan_of, slots, margin):
    measured = list(ramadan.measure(fasting_case, plan_of(in_ramadan(8, ("idle", slots)))))

    assert [(entry.rule.code, entry.rule.hard, entry.margin) for entry in measured] == [("MA-RAMADAN", False, margin)]


def test_other_days_are_not_measured(tiny_case, make_shift, plan_of):
    assert list(ramadan.measure(tiny_case, plan_of(make_shift("A1", 0, 13, ("idle", 16))))) == []


@pytest.mark.parametrize(
    ("activities", "legal"),
    [
        ([("idle", 9), ("break:lunch", 1), ("idle", 2)], True),
        ([("idle", 8), ("break:lunch", 1), ("idle", 3)], True),
        ([("idle", 11), ("break:lunch", 1)], False),
        ([("idle", 12)], False),
    ],
    ids=["18:30", "18:00, over sunset", "19:30", "none"],
)
def test_a_break_at_sunset(fasting_case, in_ramadan, plan_of, activities, legal):
    """From 14:00 to 20:00."""
    _, iftar = ramadan.measure(fasting_case, plan_of(in_ramadan(14, *activities)))

    assert iftar.where.startswith("shift of 2026-03-02, sunset at 18:2")
    assert iftar.is_legal is legal


@pytest.mark.parametrize(("slots", "measured"), [(8, 1), (9, 2)], ids=["home before", "home just after"])
def test_who_goes_home_at_sunset_needs_no_break(fasting_case, in_ramadan, plan_of, slots, measured):
    """From 14:00 to 18:00, and to 18:30."""
    found = list(ramadan.measure(fasting_case, plan_of(in_ramadan(14, ("idle", slots)))))

    assert len(found) == measured
    assert all(entry.is_legal for entry in found)


def test_a_city_whose_sunset_is_unknown(fasting_case, in_ramadan, plan_of, with_site):
    case = with_site(fasting_case, city="Atlantis")

    assert len(list(ramadan.measure(case, plan_of(in_ramadan(14, ("idle", 12)))))) == 1


def test_the_eve_of_the_feast_is_the_last_day_of_fasting(tiny_case, make_shift, plan_of):
    """The library puts the end of Ramadan 2026 on 20 March."""
    case = tiny_case.model_copy(update={"first_day": date(2026, 3, 16)})
    shifts = [
        make_shift("A1", day, 8, ("idle", 2)).model_copy(update={"day": case.first_day + timedelta(days=day)})
        for day in range(7)
    ]

    assert [entry.where for entry in ramadan.measure(case, plan_of(*shifts))] == [
        f"shift of 2026-03-{day}" for day in (16, 17, 18, 19)
    ]
