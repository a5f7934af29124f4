"""Lists worked off, by hand: reach rate 0.18 and at most 4 attempts make 3.0437667 attempts a record."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.staffing.attempts import dialling
from models.staffing.lists import WorkedOff, work_off
from wfm.calendar import calendar
from wfm.case import Case
from wfm.contact_law import next_legal_attempt
from wfm.list_batch import ListBatch

RATE = 0.18
A_RECORD = dialling(RATE, 4).attempts
MONDAY = date(2026, 12, 7)
AS_OF = date(2026, 11, 23)


def weekdays(first: date, last: date) -> list[date]:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [day for day in days if day.isoweekday() < 6]


def batch(**fields: object) -> ListBatch:
    known = {"campaign": "sales", "batch": "a", "loaded_on": MONDAY, "last_day": date(2026, 12, 11), "records": 12_000}
    return ListBatch.model_validate({"eligible": 12_000, **known, **fields})


def worked(case: Case, *batches: ListBatch, made: dict[date, float] | None = None, until: date) -> WorkedOff:
    days = weekdays(min(one.loaded_on for one in batches), until)
    sales = case.campaign_by_id["sales"]
    return work_off(sales, "FR", batches, days, made or {}, as_of=AS_OF, reach_rate=RATE)


def test_a_list_is_spread_evenly_over_its_days_and_then_stops(tiny_case: Case) -> None:
    """Worked example 11: 36,525.2 attempts; a fifth each day, and none in the week after."""
    found = worked(tiny_case, batch(), until=date(2026, 12, 18))
    first, second = weekdays(MONDAY, date(2026, 12, 11)), weekdays(date(2026, 12, 14), date(2026, 12, 18))
    assert [found.attempts[day] for day in first] == pytest.approx([36_525.2 / 5] * 5, abs=0.01)
    assert [found.attempts[day] for day in second] == [0.0] * 5
    assert found.exhausted_on == date(2026, 12, 11)
    assert found.lapsed == pytest.approx(0)


def test_records_that_may_not_be_called_are_no_work(tiny_case: Case) -> None:
    found = worked(tiny_case, batch(eligible=3_000), until=date(2026, 12, 11))
    assert sum(found.attempts.values()) == pytest.approx(3_000 * A_RECORD)


def test_too_few_attempts_in_the_past_leave_more_to_do_not_less(tiny_case: Case) -> None:
    """Loaded on 16 November; 1,000 attempts on each of five days for want of staff leave 31,525.2 for 23 November on."""
    old = batch(loaded_on=date(2026, 11, 16))
    past = weekdays(date(2026, 11, 16), date(2026, 11, 20))
    short = worked(tiny_case, old, made=dict.fromkeys(past, 1_000.0), until=date(2026, 12, 11))
    ahead = [attempts for day, attempts in short.attempts.items() if day >= AS_OF]
    assert len(ahead) == 15
    assert ahead == pytest.approx([31_525.2 / 15] * 15, abs=0.01)


def test_a_list_dialled_to_its_end_asks_for_nothing(tiny_case: Case) -> None:
    """At 10,000 attempts a day it is exhausted on the fourth, after 6,525.2."""
    old = batch(loaded_on=date(2026, 11, 16))
    past = weekdays(date(2026, 11, 16), date(2026, 11, 20))
    found = worked(tiny_case, old, made=dict.fromkeys(past, 10_000.0), until=date(2026, 12, 11))
    assert [found.attempts[day] for day in past] == pytest.approx([10_000, 10_000, 10_000, 6_525.2, 0], abs=0.1)
    assert not any(attempts for day, attempts in found.attempts.items() if day >= AS_OF)
    assert found.exhausted_on == date(2026, 11, 19)


def test_attempts_made_come_off_the_oldest_list(tiny_case: Case) -> None:
    day = date(2026, 11, 20)
    eve = day - timedelta(days=1)
    old = batch(batch="old", loaded_on=eve, last_day=day, records=100, eligible=100)
    new = batch(batch="new", loaded_on=day, last_day=date(2026, 11, 23), records=100, eligible=100)
    made = {eve: 200.0, day: 200.0}
    found = worked(tiny_case, new, old, made=made, until=date(2026, 11, 23))
    left = 2 * 100 * A_RECORD - 400
    assert found.attempts[date(2026, 11, 23)] == pytest.approx(left)


def test_who_refused_rests_as_long_as_the_law_says(tiny_case: Case) -> None:
    refused_on, loaded = date(2026, 11, 2), date(2026, 12, 30)
    some = batch(
        loaded_on=loaded, last_day=date(2027, 1, 8), records=100, eligible=100, refused=40, refused_on=refused_on
    )
    found = worked(tiny_case, some, until=date(2027, 1, 8))
    legal = next_legal_attempt("FR", [], [refused_on], loaded, calendar("FR", ()))
    assert legal == date(2027, 1, 4)  # 60 days lie between the 2nd of November and Saturday the 2nd of January
    before = [found.attempts[day] for day in weekdays(loaded, date(2027, 1, 1))]
    assert before == pytest.approx([60 * A_RECORD / 8] * 3)
    assert sum(found.attempts.values()) == pytest.approx(100 * A_RECORD)


def test_attempts_of_earlier_lists_count_against_the_law(tiny_case: Case) -> None:
    """Worked example 9: after attempts on 2, 5, 10 and 16 November the next is legal on 2 December, then one more as each
    of the others is 30 days old: 100, 82, 67.24 and 55.1368 attempts.
    """
    earlier = (date(2026, 11, 2), date(2026, 11, 5), date(2026, 11, 10), date(2026, 11, 16))
    some = batch(loaded_on=AS_OF, records=100, eligible=100, attempted_on=earlier)
    until = {}
    for last in (date(2026, 12, 1), date(2026, 12, 4), date(2026, 12, 9), date(2026, 12, 15), date(2026, 12, 16)):
        found = worked(tiny_case, some.model_copy(update={"last_day": last}), until=last)
        until[last.day] = sum(found.attempts.values())
    assert until == pytest.approx({1: 0.0, 4: 100.0, 9: 182.0, 15: 249.24, 16: 304.3768}, abs=1e-4)
    assert until[16] == pytest.approx(100 * A_RECORD)
    assert next_legal_attempt("FR", earlier, [], AS_OF, calendar("FR", ())) == date(2026, 12, 2)


def test_two_attempts_before_leave_two_for_now(tiny_case: Case) -> None:
    some = batch(records=100, eligible=100, attempted_on=(date(2026, 12, 1), date(2026, 12, 2)))
    found = worked(tiny_case, some, until=date(2026, 12, 11))
    assert sum(found.attempts.values()) == pytest.approx(100 * dialling(RATE, 2).attempts)
    assert found.lapsed == pytest.approx(100 * (A_RECORD - dialling(RATE, 2).attempts))
    assert found.exhausted_on is None


DAYS = weekdays(date(2026, 11, 2), date(2026, 12, 31))


@st.composite
def lists(draw: st.DrawFn) -> ListBatch:
    loaded = draw(st.integers(0, 30))
    records = draw(st.integers(1, 500))
    eligible = draw(st.integers(0, records))
    refused = draw(st.integers(0, eligible))
    before = draw(st.lists(st.integers(1, 40), max_size=4))
    return batch(
        batch=str(draw(st.integers(0, 9))),
        loaded_on=DAYS[loaded],
        last_day=DAYS[draw(st.integers(loaded, len(DAYS) - 1))],
        records=records,
        eligible=eligible,
        refused=refused,
        refused_on=DAYS[loaded] - timedelta(days=draw(st.integers(1, 90))) if refused else None,
        attempted_on=tuple(DAYS[loaded] - timedelta(days=back) for back in before),
    )


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(lists(), min_size=1, max_size=4), made=st.lists(st.floats(0, 400), min_size=15, max_size=15))
def test_no_attempt_is_made_twice_or_lost(tiny_case: Case, batches: list[ListBatch], made: list[float]) -> None:
    """All attempts are either made or lapse by the last of the days, none before a list is loaded or after its last day."""
    known = dict(zip(DAYS, made, strict=False))
    found = work_off(tiny_case.campaign_by_id["sales"], "FR", batches, DAYS, known, as_of=AS_OF, reach_rate=RATE)
    worth = sum(one.eligible * A_RECORD for one in batches)
    assert sum(found.attempts.values()) + found.lapsed == pytest.approx(worth)
    assert all(attempts >= 0 for attempts in found.attempts.values())
    for day, attempts in found.attempts.items():
        if not any(one.loaded_on <= day <= one.last_day for one in batches):
            assert attempts == 0
        if day < AS_OF:
            assert attempts <= known[day] + 1e-9
