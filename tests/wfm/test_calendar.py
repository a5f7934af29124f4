"""Holidays as declared, as reckoned, and as a case says; fasting; school holidays; days that only one country keeps."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import holidays
import pytest

from wfm.calendar import CalendarChange, Certainty, Change, calendar, movable_feasts, school_holidays

MOROCCO, FRANCE = calendar("MA"), calendar("FR")
DAY = timedelta(days=1)


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + offset * DAY for offset in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]


def days_at_risk(known, year: int) -> list[str]:
    return [f"{day:%m-%d}" for day in days_of(year) if known.at_risk(day)]


def change(feast: str, day: date, status: Change = Change.DECLARED, country: str = "MA") -> CalendarChange:
    return CalendarChange(country=country, feast=feast, day=day, status=status)


def feast_days(known, feast: str, year: int) -> list[date]:
    return [day for day, holiday in known.holidays(year).items() if holiday.feast == feast]


@pytest.mark.parametrize(
    ("feast", "declared", "days_after_the_library"),
    [
        ("fitr", date(2023, 4, 22), 1),
        ("fitr", date(2024, 4, 10), 0),
        ("fitr", date(2025, 3, 31), 1),
        ("adha", date(2023, 6, 29), 1),
        ("adha", date(2024, 6, 17), 1),
        ("adha", date(2025, 6, 7), 1),
        ("moharram", date(2023, 7, 19), 0),
        ("moharram", date(2024, 7, 7), 0),
        ("moharram", date(2025, 6, 27), 1),
        ("mawlid", date(2023, 9, 28), 1),
        ("mawlid", date(2024, 9, 16), 1),
        ("mawlid", date(2025, 9, 5), 1),
    ],
)
def test_what_was_declared_holds_and_the_library_alone_is_early(feast, declared, days_after_the_library):
    names = {"fitr": "rupture du jeûne", "adha": "sacrifice", "moharram": "musulman", "mawlid": "prophète"}
    library = holidays.country_holidays("MA", years=declared.year, language="fr")
    reckoned = min(day for day, name in library.items() if names[feast] in name)
    granted = {"fitr": 2, "adha": 2, "moharram": 1, "mawlid": 1}[feast]

    assert declared - reckoned == days_after_the_library * DAY
    assert feast_days(MOROCCO, feast, declared.year) == [declared + offset * DAY for offset in range(granted)]
    assert MOROCCO.holiday(declared).certainty is Certainty.DECLARED
    assert MOROCCO.is_holiday(reckoned) is (reckoned == declared)
    assert days_at_risk(MOROCCO, declared.year) == []


@pytest.mark.parametrize(
    ("year", "at_risk"),
    [
        (2026, "03-20 03-21 03-22 05-27 05-28 05-29 06-16 06-17 08-25 08-26"),
        (2027, "03-09 03-10 03-11 05-16 05-17 05-18 06-06 06-07 08-15"),
    ],
)
def test_an_estimate_puts_its_days_and_the_next_at_risk(year, at_risk):
    """Mawlid of 2027 is expected on 14 August, a holiday in any case: only the day after hangs on the moon."""
    assert " ".join(days_at_risk(MOROCCO, year)) == at_risk
    assert {holiday.certainty for holiday in MOROCCO.holidays(year).values() if holiday.feast} == {Certainty.ESTIMATED}


def test_nothing_of_the_french_calendar_is_at_risk():
    assert days_at_risk(FRANCE, 2027) == []
    assert {holiday.certainty for holiday in FRANCE.holidays(2027).values()} == {Certainty.FIXED}


def test_two_feasts_on_one_day_are_one_sure_holiday():
    holiday = MOROCCO.holiday(date(2027, 8, 14))

    assert (holiday.name, holiday.feast) == ("Allégeance Oued Eddahab; Aïd al-Mawlid", None)
    assert holiday.certainty is Certainty.FIXED


def test_a_declared_feast_makes_sure_the_day_on_which_another_is_expected():
    known = calendar("MA", (change("Deuil national", date(2027, 6, 6)),))

    assert known.holiday(date(2027, 6, 6)).name == "1er Moharram; Deuil national"
    assert known.holiday(date(2027, 6, 6)).certainty is Certainty.DECLARED
    assert known.at_risk(date(2027, 6, 6)) is None
    assert known.at_risk(date(2027, 6, 7)).feast == "moharram"


@pytest.mark.parametrize(
    ("year", "french_only", "moroccan_only", "both"),
    [
        (
            2026,
            "04-06 05-08 05-14 05-25 07-14 11-11 12-25",
            "01-14 03-20 05-27 05-28 06-16 07-30 08-14 08-20 08-21 08-25 11-06 11-18",
            "01-01 05-01",
        ),
        (
            2027,
            "03-29 05-06 07-14 11-01 11-11",
            "01-11 01-14 03-09 03-10 07-30 08-20 11-18",
            "01-01 05-17",
        ),
    ],
)
def test_weekdays_that_only_one_country_keeps(year, french_only, moroccan_only, both):
    weekdays = [day for day in days_of(year) if day.isoweekday() <= 5]
    french, moroccan = ({day for day in weekdays if known.is_holiday(day)} for known in (FRANCE, MOROCCO))

    for found, expected in (
        (french - moroccan, french_only),
        (moroccan - french, moroccan_only),
        (french & moroccan, both),
    ):
        assert " ".join(f"{day:%m-%d}" for day in sorted(found)) == expected


@pytest.mark.parametrize(
    ("year", "first", "last"),
    [
        (2023, date(2023, 3, 23), date(2023, 4, 21)),
        (2024, date(2024, 3, 12), date(2024, 4, 9)),
        (2025, date(2025, 3, 2), date(2025, 3, 30)),
        (2026, date(2026, 2, 19), date(2026, 3, 19)),
        (2027, date(2027, 2, 8), date(2027, 3, 8)),
    ],
)
def test_ramadan(year, first, last):
    fasting = [day for day in days_of(year) if MOROCCO.fasting(day)]

    assert (fasting[0], fasting[-1]) == (first, last)
    assert len(fasting) == (last - first).days + 1 in {29, 30}
    assert not any(FRANCE.fasting(day) for day in days_of(year))


def test_a_year_with_two_months_of_fasting():
    """2030: one from January, one from December on."""
    fasting = [day for day in days_of(2030) if MOROCCO.fasting(day)]
    gaps = [(before, day) for before, day in pairwise(fasting) if day - before > DAY]

    assert len(gaps) == 1
    assert (fasting[0].month, fasting[-1].month) == (1, 12)
    assert MOROCCO.fasting(date(2031, 1, 1))


def test_a_case_moves_an_estimated_feast_and_the_end_of_the_fast_with_it():
    known = calendar("MA", (change("fitr", date(2027, 3, 10)),))

    assert feast_days(known, "fitr", 2027) == [date(2027, 3, 10), date(2027, 3, 11)]
    assert known.holiday(date(2027, 3, 10)).source == "the case"
    assert not known.is_holiday(date(2027, 3, 9))
    assert known.at_risk(date(2027, 3, 12)) is None
    assert known.fasting(date(2027, 3, 9))
    assert not known.fasting(date(2027, 3, 10))
    for year in (2025, 2026, 2028):
        assert known.holidays(year) == MOROCCO.holidays(year)


def test_a_case_moves_the_first_day_of_fasting():
    known = calendar("MA", (change("ramadan", date(2027, 2, 9)),))

    assert not known.fasting(date(2027, 2, 8))
    assert known.fasting(date(2027, 2, 9))
    assert known.holidays(2027) == MOROCCO.holidays(2027)


def test_a_case_corrects_what_is_listed_as_declared():
    known = calendar("MA", (change("mawlid", date(2025, 9, 6)),))

    assert feast_days(known, "mawlid", 2025) == [date(2025, 9, 6)]


def test_of_two_changes_of_one_feast_the_last_holds():
    known = calendar("MA", (change("fitr", date(2027, 3, 8)), change("fitr", date(2027, 3, 11), Change.ESTIMATED)))

    assert feast_days(known, "fitr", 2027) == [date(2027, 3, 11), date(2027, 3, 12)]
    assert [day for day in days_at_risk(known, 2027) if day.startswith("03")] == ["03-11", "03-12", "03-13"]


def test_a_case_cancels_a_feast_of_one_year_and_the_fast_ends_all_the_same():
    known = calendar("MA", (change("fitr", date(2027, 3, 9), Change.CANCELLED),))

    assert feast_days(known, "fitr", 2027) == []
    assert not known.at_risk(date(2027, 3, 9))
    assert [known.fasting(day) for day in (date(2027, 3, 8), date(2027, 3, 9))] == [True, False]
    assert feast_days(known, "fitr", 2026) == feast_days(MOROCCO, "fitr", 2026) != []


def test_a_change_far_from_every_feast_moves_none():
    known = calendar("MA", (change("fitr", date(2027, 8, 1)),))

    assert known.holidays(2027) == MOROCCO.holidays(2027)


def test_a_case_adds_a_holiday():
    elections = date(2027, 9, 8)
    known = calendar("MA", (change("Élections", elections, Change.ESTIMATED),))

    assert known.holiday(elections).model_dump() == {
        "country": "MA",
        "day": elections,
        "name": "Élections",
        "feast": None,
        "certainty": Certainty.ESTIMATED,
        "source": "the case",
    }
    assert known.at_risk(elections + DAY).name == "Élections"
    assert list(known.holidays(2027)) == sorted(known.holidays(2027))
    assert known.holidays(2026) == MOROCCO.holidays(2026)


def test_adding_a_holiday_that_is_there_changes_nothing():
    known = calendar("FR", (change("Noël", date(2026, 12, 25), country="FR"),))

    assert known.holidays(2026) == FRANCE.holidays(2026)


def test_changes_of_one_country_leave_the_others_alone():
    changes = (change("fitr", date(2027, 3, 10)), change("Élections", date(2027, 4, 12), country="FR"))

    assert calendar("MA", changes) == calendar("MA", changes[:1])
    assert calendar("FR", changes).holiday(date(2027, 4, 12)).name == "Élections"
    assert calendar("FR", changes[:1]) == FRANCE


def test_a_feast_may_run_over_new_year():
    """Aïd al-Adha is reckoned for 31 December 2071 and the day after: one feast of two years."""
    assert MOROCCO.holiday(date(2071, 12, 31)).feast == "adha"
    assert MOROCCO.holiday(date(2072, 1, 1)).name == "Nouvel an; Aïd al-Adha"
    assert not MOROCCO.is_holiday(date(2072, 1, 2))
    assert MOROCCO.at_risk(date(2072, 1, 1)) is None
    assert MOROCCO.at_risk(date(2072, 1, 2)).feast == "adha"


def test_a_country_that_nobody_knows_has_no_holidays():
    unknown = calendar("XX")

    assert unknown.holidays(2026) == {}
    assert not unknown.is_holiday(date(2026, 1, 1))
    assert unknown.at_risk(date(2026, 1, 1)) is None
    assert not unknown.fasting(date(2026, 3, 1))
    assert movable_feasts("XX") == movable_feasts("FR") == ()
    assert school_holidays("XX", "A", 2027) == school_holidays("MA", "A", 2027) == {}


def test_feasts_that_a_case_may_move():
    assert movable_feasts("MA") == ("fitr", "adha", "moharram", "mawlid", "ramadan")


@pytest.mark.parametrize(
    ("zone", "winter", "spring"),
    [
        ("A", (date(2027, 2, 13), date(2027, 2, 28)), (date(2027, 4, 10), date(2027, 4, 25))),
        ("B", (date(2027, 2, 20), date(2027, 3, 7)), (date(2027, 4, 17), date(2027, 5, 2))),
        ("C", (date(2027, 2, 6), date(2027, 2, 21)), (date(2027, 4, 3), date(2027, 4, 18))),
    ],
)
def test_school_holidays_by_zone(zone, winter, spring):
    known = school_holidays("FR", zone, 2027)

    for (first, last), months in ((winter, (2, 3)), (spring, (4, 5))):
        term = {day: name for day, name in known.items() if first <= day <= last}
        assert len(term) == 16
        assert len(set(term.values())) == 1
        assert first - DAY not in known
        assert last + DAY not in known
        assert months[0] == first.month
