"""Worked examples 7 and 9 of the domain facts: the daily maximum, and the next legal attempt."""

from __future__ import annotations

from datetime import date

import pytest

from wfm.calendar import calendar
from wfm.contact_law import next_legal_attempt
from wfm.rules.law import day_max


@pytest.mark.parametrize(
    ("slots_after_lunch", "found", "legal"), [(14, "10 h", True), (15, "10.5 h", False)], ids=["20:00", "20:30"]
)
def test_example_7_ten_effective_hours_a_day(tiny_case, tiny_plan, make_shift, *, slots_after_lunch, found, legal):
    """09:00 to 20:00 with an hour of unpaid lunch is legal, 09:00 to 20:30 is not."""
    shift = make_shift("A1", 0, 9, ("idle", 6), ("break:lunch", 2), ("idle", slots_after_lunch))
    (entry,) = day_max.measure(tiny_case, tiny_plan.model_copy(update={"shifts": (shift,)}))

    assert (entry.rule.code, entry.found, entry.limit, entry.is_legal) == ("MA-DAY-MAX", found, "10 h", legal)


def test_example_9_the_next_legal_attempt():
    """Attempts on 2, 5, 10 and 16 November by two partners: the fifth is legal from 2 December on."""
    attempts = [date(2026, 11, day) for day in (2, 5, 10, 16)]

    assert next_legal_attempt("FR", attempts, [], date(2026, 11, 17), calendar("FR")) == date(2026, 12, 2)
