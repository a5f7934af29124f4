"""The clocks of both countries: worked examples 1 and 2, and the table of every change from 2023 to 2027."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from wfm.errors import WfmError
from wfm.legal_window import find_place, legal_window

RABAT = find_place("Rabat")

DIFF_0 = ["10:00-13:00", "14:00-20:00"]
DIFF_1 = ["09:00-12:00", "13:00-19:00"]
DIFF_2 = ["08:00-11:00", "12:00-18:00"]
CHANGES = [
    ("2023-10-29T01:00", DIFF_0),
    ("2024-03-10T02:00", DIFF_1),
    ("2024-03-31T01:00", DIFF_2),
    ("2024-04-14T02:00", DIFF_1),
    ("2024-10-27T01:00", DIFF_0),
    ("2025-02-23T02:00", DIFF_1),
    ("2025-03-30T01:00", DIFF_2),
    ("2025-04-06T02:00", DIFF_1),
    ("2025-10-26T01:00", DIFF_0),
    ("2026-02-15T02:00", DIFF_1),
    ("2026-03-22T02:00", DIFF_0),
    ("2026-03-29T01:00", DIFF_1),
    ("2026-09-20T01:00", DIFF_2),
    ("2026-10-25T01:00", DIFF_1),
    ("2027-03-28T01:00", DIFF_2),
    ("2027-10-31T01:00", DIFF_1),
]
WORKING = "and calls are legal only on Mon, Tue, Wed, Thu, Fri"
UNTIL = [*(datetime.fromisoformat(at).date() for at, _ in CHANGES[1:]), date(2027, 12, 31)]


def in_rabat(day: date) -> list[str]:
    return [f"{span.site_start:%H:%M}-{span.site_end:%H:%M}" for span in legal_window("FR", day, RABAT).spans]


@pytest.mark.parametrize(("day", "shown"), [(date(2026, 3, 10), DIFF_1), (date(2026, 11, 23), DIFF_1)])
def test_examples_1_and_2(day, shown):
    window = legal_window("FR", day, RABAT)

    assert in_rabat(day) == shown
    first, last = window.spans
    assert (first.consumer_start.strftime("%H:%M"), last.consumer_end.strftime("%H:%M")) == ("10:00", "20:00")
    assert first.start.isoformat() == f"{day}T09:00:00+00:00"
    assert window.minutes == 540
    assert (window.reason, window.holiday) == (None, None)


@pytest.mark.parametrize(("change", "until"), list(zip(CHANGES, UNTIL, strict=True)))
def test_the_window_in_rabat_after_every_change_of_a_clock(change, until):
    """Every legal day from a change to the eve of the next."""
    day, shown = datetime.fromisoformat(change[0]).date(), change[1]
    days = [day + timedelta(days=offset) for offset in range((until - day).days)]
    windows = [window for window in map(in_rabat, days) if window]

    assert len(windows) >= 3
    assert all(window == shown for window in windows)


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 11, 21), f"it is a Saturday, {WORKING}"),
        (date(2026, 11, 11), "it is a public holiday: Armistice"),
        (date(2026, 11, 1), f"it is a Sunday, {WORKING}; it is a public holiday: Toussaint"),
    ],
)
def test_no_window_says_why(day, reason):
    window = legal_window("FR", day, RABAT)

    assert window.spans == ()
    assert window.minutes == 0
    assert window.reason == reason
    assert (window.holiday is not None) == ("holiday" in reason)


def test_consumers_overseas_have_the_hours_of_their_own_clock():
    window = legal_window("FR", date(2026, 11, 23), RABAT, "Indian/Reunion")

    assert [f"{span.consumer_start:%H:%M%z} = {span.start:%H:%M}Z" for span in window.spans] == [
        "10:00+0400 = 06:00Z",
        "14:00+0400 = 10:00Z",
    ]


def test_a_market_without_a_rule_on_calling_hours_is_open_all_day():
    before_the_decree = legal_window("FR", date(2023, 2, 28), RABAT)
    of_25_hours = legal_window("MA", date(2026, 9, 20), RABAT)

    assert (before_the_decree.rule, before_the_decree.minutes) == (None, 24 * 60)
    assert (of_25_hours.rule, of_25_hours.minutes) == (None, 25 * 60)


@pytest.mark.parametrize("name", ["rabat", "RABAT", "meknes", "Meknès", "paris"])
def test_cities_are_found_whatever_their_capitals_and_accents(name):
    assert find_place(name).country == ("FR" if name == "paris" else "MA")


def test_what_is_unknown_is_refused_with_what_is_known():
    with pytest.raises(WfmError, match=r"Cities known: Paris, Rabat, Casablanca, Meknès, Mohammedia"):
        find_place("Lyon")
    with pytest.raises(WfmError, match=r"Countries with a pack: FR, MA"):
        legal_window("../FR", date(2026, 11, 23), RABAT)
    with pytest.raises(WfmError, match="Unknown time zone"):
        legal_window("FR", date(2026, 11, 23), RABAT, "Réunion")
