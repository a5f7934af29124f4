"""The bill's overtime and holidays against the definition, minute by minute, over random shifts and terms."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wfm.agent import Absence, AbsenceKind, Regime
from wfm.costs import bill
from wfm.overtime import overtime_by_year, regular_week_minutes
from wfm.plan import Segment, Shift
from wfm.shift import Break

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MONDAYS = [
    date(2026, 3, 16),  # Aïd al-Fitr, and a day of 23 hours
    date(2026, 8, 17),  # two holidays in a row
    date(2026, 9, 14),  # a day of 25 hours
    date(2026, 11, 16),
    date(2026, 12, 28),  # New Year
]


@st.composite
def terms(draw):
    """Days, grid, site, contract, agent, and leave as (first day, days)."""
    return {
        "first_day": draw(st.sampled_from(MONDAYS)),
        "days": draw(st.sampled_from([7, 14])),
        "interval_minutes": draw(st.sampled_from([15, 30])),
        "rest_weekday": draw(st.sampled_from([None, None, 5, 7])),
        "regime": draw(st.sampled_from(list(Regime))),
        "week_minutes": draw(st.sampled_from([2640, 2640, 2100, 1320, 601])),
        "days_per_week": draw(st.integers(1, 6)),
        "hourly_base": draw(st.integers(0, 5000)),
        "left_of_year": draw(st.integers(0, 2500)),
        "leave": draw(st.lists(st.tuples(st.integers(-2, 13), st.integers(1, 4)), max_size=2)),
        "shifts": draw(
            st.lists(
                # Day off or hour of start; slots before, of and after a break; whether the break is paid.
                st.none()
                | st.tuples(
                    st.integers(0, 23), st.integers(1, 20), st.integers(1, 4), st.integers(1, 20), st.booleans()
                ),
                min_size=14,
                max_size=14,
            )
        ),
    }


def drawn_case(pay_case, drawn):
    first = drawn["first_day"]
    absences = [
        Absence(
            agent="A1",
            start=midnight(first + start * DAY, pay_case(first).home_zone),
            end=midnight(first + (start + days) * DAY, pay_case(first).home_zone),
            kind=AbsenceKind.MEDICAL,
            whole_day=True,
        )
        for start, days in drawn["leave"]
    ]
    case = pay_case(
        first,
        drawn["days"],
        site={"rest_weekday": drawn["rest_weekday"], "rest_day_work": True},
        contract={name: drawn[name] for name in ("regime", "week_minutes", "days_per_week")},
        agent={
            "hourly_base": drawn["hourly_base"],
            "year_minutes_before": max(0, 52 * drawn["week_minutes"] - drawn["left_of_year"]),
        },
        interval_minutes=drawn["interval_minutes"],
        absences=tuple(absences),
    )
    pauses = tuple(
        Break(name=name, minutes=30, paid=name == "paid", earliest_after=0, latest_after=0)
        for name in ("paid", "unpaid")
    )
    return case.model_copy(update={"shift_patterns": (case.shift_patterns[0].model_copy(update={"breaks": pauses}),)})


def drawn_shifts(case, drawn):
    shifts = []
    for offset in range(case.days):
        if drawn["shifts"][offset] is None:
            continue
        hour, before, pause, after, paid = drawn["shifts"][offset]
        day = case.first_day + offset * DAY
        slot = case.grid.slot(midnight(day, case.home_zone) + hour * timedelta(hours=1))
        activities = [("idle", before), ("break:paid" if paid else "break:unpaid", pause), ("idle", after)]
        segments = []
        for activity, slots in activities:
            segments.append(Segment(activity=activity, first_slot=slot, slots=slots))
            slot += slots
        if slot <= case.grid.slots and (not shifts or shifts[-1].last_slot <= segments[0].first_slot):
            shifts.append(Shift(agent="A1", day=day, pattern="day", segments=tuple(segments)))
    return shifts


def midnight(day, tz):
    return datetime.combine(day, time(0), tzinfo=tz).astimezone(UTC)


def minutes_of(case, shift):
    """Wall time of every effective minute."""
    for segment in shift.segments:
        if segment.activity != "break:unpaid":
            instant = case.grid.instant(segment.first_slot)
            while instant < case.grid.instant(segment.last_slot):
                yield instant.astimezone(case.home_zone)
                instant += MINUTE


def is_paid_holiday(case, day):
    on_duty = day.isoweekday() <= case.contracts[0].days_per_week and day.isoweekday() != case.sites[0].rest_weekday
    return on_duty and case.calendar("MA").is_holiday(day)


def granted_days(case):
    """Days of leave and paid holidays, of each week the first ones up to days_per_week."""
    granted = []
    for day in (case.first_day + offset * DAY for offset in range(case.days)):
        start, end = midnight(day, case.home_zone), midnight(day + DAY, case.home_zone)
        away = any(absence.start <= start and end <= absence.end for absence in case.absences)
        same_week = sum(other.isocalendar().week == day.isocalendar().week for other in granted)
        if (away or is_paid_holiday(case, day)) and same_week < case.contracts[0].days_per_week:
            granted.append(day)
    return granted


def definition(case, shifts):
    """(overtime cents, holiday cents, regular minutes by week, overtime minutes by year), one minute after another."""
    agent, contract, granted = case.agents[0], case.contracts[0], granted_days(case)
    credit = contract.week_minutes // contract.days_per_week
    owed = [contract.week_minutes] * case.weeks
    for day in granted:
        owed[(day - case.first_day).days // 7] -= credit
    overtime, holiday = Counter(), Counter()
    regular, by_year = [0] * case.weeks, {shift.day.year: 0 for shift in shifts}
    tally = Counter({case.first_day.year: agent.year_minutes_before})
    for shift in shifts:
        week, year = (shift.day - case.first_day).days // 7, shift.day.year
        tally[year] += credit * sum(day.year == year for day in granted if day <= shift.day)
        granted = [day for day in granted if day > shift.day]
        in_shift = 0
        for wall in minutes_of(case, shift):
            premium = Fraction(1, 2) if wall.hour >= 21 or wall.hour < 6 else Fraction(1, 4)
            if case.calendar("MA").is_holiday(wall.date()):
                holiday[week] += Fraction(agent.hourly_base * (1 if is_paid_holiday(case, wall.date()) else 2), 60)
                continue
            if wall.isoweekday() == case.sites[0].rest_weekday:
                beyond, premium = True, 2 * premium  # 50 % by day, 100 % at night
            else:
                regular[week] += 1
                in_shift += 1
                tally[year] += in_shift <= 9 * 60
                in_year = 2288 * 60 * contract.week_minutes // (44 * 60)
                annual = in_shift > 9 * 60 or tally[year] > in_year
                beyond = annual if contract.regime is Regime.ANNUAL else regular[week] > owed[week]
            if beyond:
                by_year[year] += 1
                overtime[week] += agent.hourly_base * (1 + premium) / 60
    cents = [sum(int(amount + Fraction(1, 2)) for amount in weeks.values()) for weeks in (overtime, holiday)]
    return (*cents, regular, by_year)


@settings(
    max_examples=80,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(drawn=terms())
def test_the_bill_is_the_definition_minute_by_minute(pay_case, tiny_requirement, cents_of, drawn):
    case = drawn_case(pay_case, drawn)
    shifts = drawn_shifts(case, drawn)
    costs = bill(case, tiny_requirement.model_copy(update={"campaigns": ()}), shifts, [])
    found = (
        cents_of(costs, "overtime"),
        cents_of(costs, "holiday"),
        regular_week_minutes(case, case.agents[0], shifts),
        overtime_by_year(case, case.agents[0], shifts),
    )

    assert found == definition(case, shifts)
