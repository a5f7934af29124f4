"""Generated cases whose plan touches Ramadan: a set of shifts for it that the law and the French windows allow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest

from data.generate.case import generate_case
from data.ingest.case import read_case
from wfm.case import Case
from wfm.clock import PARIS, to_utc, zone
from wfm.opening import legal_spans
from wfm.ramadan import iftar_starts, in_season, is_fasting
from wfm.shift import ShiftPattern

LAW_MINUTES = 360
"""Effective minutes that need no break."""


CaseOf = Callable[[str], Case]


@pytest.fixture(scope="module")
def case_of(tmp_path_factory: pytest.TempPathFactory) -> CaseOf:
    """The small case planned from a day on, made once."""

    @cache
    def read(first_day: str) -> Case:
        folder = tmp_path_factory.mktemp(first_day)
        generate_case("S", 1, folder, date.fromisoformat(first_day))
        return read_case(folder).case

    return read


def starts(case: Case, pattern: ShiftPattern, day: date) -> list[datetime]:
    """Instants at which shifts of the pattern start on a day."""
    first, last = (datetime.combine(day, wall) for wall in (pattern.earliest_start, pattern.latest_start))
    count = (last - first) // timedelta(minutes=pattern.step_minutes) + 1
    return [to_utc(first + index * timedelta(minutes=pattern.step_minutes), case.home_zone) for index in range(count)]


def fasting_days(case: Case) -> list[date]:
    days = (case.first_day + timedelta(days=offset) for offset in range(case.days))
    return [day for day in days if is_fasting(case, day)]


def check_ramadan(case: Case) -> None:
    """Long shifts always have their break; short ones need none; something may be worked on every day."""
    for day in fasting_days(case):
        offered = [pattern for pattern in case.shift_patterns if in_season(case, pattern, day)]
        assert {pattern.id for pattern in offered} == {"ramadan_5h", "ramadan_6h", "ramadan_7h"}
        for pattern in offered:
            pause = pattern.breaks[0]
            assert pause.at_sunset
            for start in starts(case, pattern, day):
                end = start + timedelta(minutes=pattern.presence_minutes)
                edges = [
                    edge
                    for edge in iftar_starts(case, day)
                    if start <= edge and edge + timedelta(minutes=pause.minutes) <= end
                ]
                assert edges or pattern.presence_minutes <= LAW_MINUTES, (day, start)


@pytest.mark.parametrize("first_day", ["2024-04-01", "2026-03-16", "2027-02-08"])
def test_ramadan_has_its_own_shifts(case_of: CaseOf, first_day: str) -> None:
    case = case_of(first_day)

    assert fasting_days(case)
    check_ramadan(case)


def test_shifts_of_ramadan_reach_over_both_calling_windows(case_of: CaseOf) -> None:
    case = case_of("2027-02-08")
    day = date(2027, 2, 9)
    presence = [
        (start, start + timedelta(minutes=pattern.presence_minutes))
        for pattern in case.shift_patterns
        if in_season(case, pattern, day)
        for start in starts(case, pattern, day)
    ]
    spans = [
        tuple(to_utc(datetime.combine(day, wall), zone(PARIS)) for wall in span)
        for span in legal_spans(case.calendar("FR"), day)
    ]

    assert [(opens.hour, closes.hour) for opens, closes in spans] == [(9, 12), (13, 19)]
    assert any(start <= spans[0][0] and spans[0][1] <= end for start, end in presence)
    assert any(start <= spans[1][0] and spans[1][1] <= end for start, end in presence)


def test_other_plans_stay_simple(case_of: CaseOf) -> None:
    case = case_of("2026-09-14")

    assert {pattern.season for pattern in case.shift_patterns} == {None}
    assert "mid_6h" in case.pattern_by_id


@pytest.mark.parametrize(
    ("first_day", "opens", "closes"), [("2026-02-09", 8, 20), ("2026-09-14", 7, 19), ("2026-10-19", 6, 18)]
)
def test_shifts_lie_in_the_customers_day(case_of: CaseOf, first_day: str, opens: int, closes: int) -> None:
    """08:00 to 20:00 in Paris: in Rabat the same in the winter before the law of 2026-09-20, and earlier at other times."""
    case = case_of(first_day)
    ends = [
        datetime.combine(case.first_day, pattern.latest_start, UTC) + timedelta(minutes=pattern.presence_minutes)
        for pattern in case.shift_patterns
    ]

    assert min(pattern.earliest_start.hour for pattern in case.shift_patterns) == opens
    assert max(ends).hour == closes
