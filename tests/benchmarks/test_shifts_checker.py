"""The checker of Curtois and Qu rosters: every rule broken by hand, cost by hand."""

import pytest

from benchmarks.published.sections import InstanceError
from benchmarks.published.shifts_instance import read_shifts_instance
from benchmarks.published.shifts_roster import cost, read_shifts_roster, violations, write_shifts_roster

LAWFUL = {"A": ".EEL...", "B": ".EE..EE", "C": "EELL..."}


def roster(weeks):
    return {
        (employee, day): shift for employee, week in weeks.items() for day, shift in enumerate(week) if shift != "."
    }


def test_a_lawful_roster_has_no_violations(shifts_file):
    assert violations(read_shifts_instance(shifts_file), roster(LAWFUL)) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"A": "EEE...."}, "A: works on day 0, a fixed day off"),
        ({"A": "..LEE.."}, "A: E on day 3 may not follow L"),
        ({"A": "...LLL."}, "A: 3 x L, at most 2"),
        ({"B": ".L...EE"}, "B: 1 x L, at most 0"),
        ({"A": "..EE..."}, "A: 960 minutes, not within 1440 to 2400"),
        ({"C": "LLLL.LL"}, "C: 3600 minutes, not within 960 to 3000"),
        ({"A": ".EEEE.."}, "A: works 4 days from day 1, at most 3"),
        ({"A": ".EE...E", "C": "EE.E..."}, "C: works 1 days from day 3, at least 2"),
        ({"A": ".EE.EE."}, "A: is off 1 days from day 3, at least 2"),
        ({"C": "EE..EE."}, "C: 1 weekends, at most 0"),
        ({"D": "E......"}, "D, day 0: there is no such employee, day or shift E"),
    ],
)
def test_every_rule_is_seen(shifts_file, change, words):
    assert words in violations(read_shifts_instance(shifts_file), roster(LAWFUL | change))


def test_runs_at_the_ends_may_be_short(shifts_file):
    """B is off on day 0 alone, A works on day 6 alone after three days: both may go on outside the horizon."""
    weeks = LAWFUL | {"A": ".EE...E", "C": "EELL..."}

    assert violations(read_shifts_instance(shifts_file), roster(weeks)) == []


def test_cost_by_hand(shifts_file):
    # E by day: 1 3 2 0 0 1 1 for 1 each: 2 + 1 too many, 2 missing. L: 0 0 1 2 0 0 0 for 0 1 1 1 1 0 0: 2 missing, 1 too many.
    # A wants L on day 2 (3) and has E; C has E on day 1 (4); B has her wish.
    assert cost(read_shifts_instance(shifts_file), roster(LAWFUL)) == (2 + 1) * 1 + 2 * 100 + 2 * 50 + 1 * 2 + 3 + 4


def test_what_is_written_is_read_back(shifts_file, tmp_path):
    write_shifts_roster(tmp_path / "ROSTER.csv", roster(LAWFUL))

    assert (tmp_path / "ROSTER.csv").read_text(encoding="utf-8").splitlines()[:3] == [
        "employee,day,shift",
        "A,1,E",
        "A,2,E",
    ]
    assert read_shifts_roster(tmp_path / "ROSTER.csv") == roster(LAWFUL)


@pytest.mark.parametrize(
    ("wrong", "right", "words"),
    [
        ("SECTION_SHIFTS", "SECTION_SHIFT", "SECTION_SHIFTS is missing or empty"),
        ("A,E=7|L=2,2400,1440", "A,E=7|L=2,2400,x", "not an instance of Curtois and Qu"),
    ],
)
def test_a_file_that_is_none_is_refused(shifts_file, wrong, right, words):
    text = shifts_file.read_text(encoding="ascii")
    assert wrong in text
    shifts_file.write_text(text.replace(wrong, right), encoding="ascii")

    with pytest.raises(InstanceError, match=words):
        read_shifts_instance(shifts_file)
