"""CONTRACT-WEEK: no more overtime per week than the contract allows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from wfm.agent import Absence, AbsenceKind
from wfm.rules import contract_week


def codes(violations):
    return [(violation.rule, violation.found) for violation in violations]


@pytest.mark.parametrize(("last", "broken"), [(8, []), (9, [("CONTRACT-WEEK", "39.5 h")])])
def test_overtime_stays_within_the_contract(tiny_case, make_shift, plan_of, last, broken):
    shifts = [make_shift("A1", day, 8, ("idle", 14 if day < 5 else last)) for day in range(6)]

    assert codes(contract_week.check(tiny_case, plan_of(*shifts))) == broken


@pytest.mark.parametrize(("last", "broken"), [(8, []), (9, [("CONTRACT-WEEK", "32.5 h")])])
def test_leave_lowers_the_hours_of_the_contract(tiny_case, make_shift, plan_of, last, broken):
    start = datetime(2026, 12, 7, tzinfo=UTC)
    away = Absence(
        agent="A1", start=start, end=start + timedelta(days=1), kind=AbsenceKind.UNPAID_LEAVE, whole_day=True
    )
    case = tiny_case.model_copy(update={"absences": (away,)})
    shifts = [make_shift("A1", day, 8, ("idle", 14 if day < 5 else last)) for day in range(1, 6)]

    assert codes(contract_week.check(case, plan_of(*shifts))) == broken
