"""What the law needs of a case: read as meant, and refused where a plan could not keep the law."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from data.ingest.case import read_case
from wfm.agent import Regime
from wfm.calendar import Certainty
from wfm.errors import CaseError
from wfm.shift import Season


def problem_of(path):
    with pytest.raises(CaseError) as caught:
        read_case(path)
    assert len(caught.value.problems) == 1, str(caught.value)
    return caught.value.problems[0]


def put(tables, table, row, column, text):
    rows = tables[table]
    rows[row - 1][rows[0].index(column)] = text


def move(tables, first_day):
    """Plan a week from another day; wishes, absences and what depends on days are left out."""
    put(tables, "plan", 2, "first_day", str(first_day))
    put(tables, "plan", 2, "as_of", str(first_day - timedelta(days=14)))
    shift = first_day - date(2026, 12, 7)
    for row in tables["history"][1:]:
        row[1] = str(date.fromisoformat(row[1][:10]) + shift) + row[1][10:]
    for row in tables["agents"][1:]:
        row[6] = row[10] = ""
    for name in ("wishes", "absences", "overrides"):
        del tables[name]


def add_campaign(tables, name, like, **cells):
    """Another campaign that is worked and was worked like the one of row `like`."""
    header, model = tables["campaigns"][0], list(tables["campaigns"][like - 1])
    old = model[0]
    model[0] = name
    for column, text in cells.items():
        model[header.index(column)] = text
    tables["campaigns"].append(model)
    for table in ("opening_hours", "history"):
        tables[table] += [[name, *row[1:]] for row in tables[table][1:] if row[0] == old]


def test_the_law_fields_mean_what_they_say(tables, folder_of, tmp_path):
    add_campaign(tables, "signing", 3, second_call_of="sales", second_call_share="0.6")
    put(tables, "contracts", 2, "regime", "annual")
    case = read_case(folder_of(tables, tmp_path)).case

    assert (case.sites[0].rest_weekday, case.sites[0].rest_day_work) == (7, False)
    assert case.contracts[0].regime is Regime.ANNUAL
    assert (case.agents[0].overtime_minutes_before, case.agents[0].year_minutes_before) == (750, 108_000)
    assert [agent.adult_from for agent in case.agents] == [None, date(2027, 3, 1), None]
    assert [pattern.season for pattern in case.shift_patterns] == [None, Season.OUTSIDE_RAMADAN, Season.RAMADAN]
    iftar = case.shift_patterns[2].breaks[0]
    assert (iftar.at_sunset, iftar.earliest_after, iftar.latest_after) == (True, 0, 0)
    assert not any(pause.at_sunset for pattern in case.shift_patterns[:2] for pause in pattern.breaks)
    assert (case.campaigns[3].second_call_of, case.campaigns[3].second_call_share) == ("sales", 0.6)
    assert case.campaigns[1].second_call_of is None
    assert [campaign.risk for campaign in case.campaigns[:2]] == [0.9, None]


def test_one_line_moves_adds_or_cancels_a_holiday(tables, folder_of, tmp_path):
    tables["holidays"].append(["MA", "adha", "2027-05-16", "cancelled"])
    tables["holidays"].append(["MA", "ramadan", "2027-02-09", "declared"])
    morocco = (case := read_case(folder_of(tables, tmp_path)).case).calendar("MA")

    assert [day.isoformat() for day in morocco.holidays(2027) if day.month in (3, 5)] == [
        "2027-03-10", "2027-03-11", "2027-05-01",
    ]  # fmt: skip
    feast = morocco.holiday(date(2027, 3, 10))
    assert (feast.feast, feast.certainty, feast.source) == ("fitr", Certainty.DECLARED, "the case")
    assert [morocco.fasting(date(2027, 2, day)) for day in (8, 9)] == [False, True]
    assert case.calendar("FR").holiday(date(2027, 1, 4)).name == "Journée de l'entreprise"


def test_a_wage_is_loaded_by_law(tables, folder_of, tmp_path):
    """34.20 MAD an hour, 37.5 h a week: 163 h a month, 5,574.60 MAD, below the ceiling, so 21.09 % are due on all."""
    put(tables, "agents", 3, "hourly_cost", "")
    case = read_case(folder_of(tables, tmp_path)).case

    wage, cost = case.agents[1], 34.20 * 1.2109 * 9.3  # cents at 0.093
    assert (wage.hourly_wage, wage.hourly_base, wage.hourly_cost) == (318, round(cost), round(cost))
    assert case.agents[0].hourly_wage is None
    assert case.agents[0].hourly_base == case.agents[0].hourly_cost == 490


def test_a_stated_cost_stands_beside_a_wage(tables, folder_of, tmp_path):
    case = read_case(folder_of(tables, tmp_path)).case

    assert (case.agents[1].hourly_cost, case.agents[1].hourly_base) == (470, 385)


def test_a_wage_in_another_currency_needs_the_rate_of_the_laws(tables, folder_of, tmp_path):
    del tables["exchange_rates"]
    for row in tables["agents"][1:]:
        row[4] = "EUR"
    problem = problem_of(folder_of(tables, tmp_path))

    assert (problem.table, problem.row, problem.column) == ("agents", 3, "hourly_wage")
    assert "in MAD, without an exchange rate" in problem.reason


def test_the_highest_minimum_wage_of_the_plan_counts(tables, folder_of, tmp_path):
    move(tables, date(2025, 12, 29))
    put(tables, "exchange_rates", 2, "valid_from", "2025-01-01")
    put(tables, "agents", 3, "hourly_wage", "17.50")
    problem = problem_of(folder_of(tables, tmp_path))

    assert "17.92 MAD on 2026-01-01 (MA-SMIG: press" in problem.reason


@pytest.mark.parametrize(("first_day", "legal"), [("2026-08-03", True), ("2026-08-10", False), ("2026-08-17", False)])
def test_opt_out_ends_in_the_middle_of_a_plan(tables, folder_of, tmp_path, first_day, legal):
    move(tables, date.fromisoformat(first_day))
    put(tables, "campaigns", 3, "legal_basis", "opt_out")
    folder_of(tables, tmp_path)

    if legal:
        assert read_case(tmp_path).case.campaigns[1].legal_basis == "opt_out"
    else:
        assert "not legal from 2026-08-11 on (FR-OPTIN" in problem_of(tmp_path).reason


def test_an_untagged_campaign_is_refused_before_the_law_too(tables, folder_of, tmp_path):
    move(tables, date(2026, 8, 3))
    put(tables, "campaigns", 3, "legal_basis", "")

    assert "needed for channel outbound" in problem_of(folder_of(tables, tmp_path)).reason


def test_second_calls_are_no_chain(tables, folder_of, tmp_path):
    add_campaign(tables, "signing", 3, second_call_of="sales", second_call_share="0.6")
    add_campaign(tables, "again", 3, second_call_of="signing", second_call_share="0.5")
    problem = problem_of(folder_of(tables, tmp_path))

    assert (problem.row, problem.column) == (6, "second_call_of")
    assert "itself second calls, of 'sales'" in problem.reason


def test_second_calls_stay_in_their_market(tables, folder_of, tmp_path):
    tables["markets"].append(["BE", "Belgique", "BE", "Europe/Brussels"])
    add_campaign(tables, "signing", 3, market="BE", second_call_of="sales", second_call_share="0.6")

    assert "a campaign of the market 'FR'" in problem_of(folder_of(tables, tmp_path)).reason


def test_work_on_rest_days_needs_a_rest_day(tables, folder_of, tmp_path):
    put(tables, "sites", 2, "rest_weekday", "")
    put(tables, "sites", 2, "rest_day_work", "yes")
    problem = problem_of(folder_of(tables, tmp_path))

    assert (problem.table, problem.row, problem.column) == ("sites", 2, "rest_day_work")
    assert "does not have" in problem.reason


def test_a_feast_moves_once(tables, folder_of, tmp_path):
    tables["holidays"].append(["MA", "fitr", "2027-03-09", "estimated"])
    problem = problem_of(folder_of(tables, tmp_path))

    assert (problem.row, problem.column) == (4, "day")
    assert "the same feast as in row 2" in problem.reason


def test_added_holidays_close_the_calling_week(tables, folder_of, tmp_path):
    tables["holidays"] += [["FR", f"Jour {day}", f"2026-12-{day:02d}", "declared"] for day in range(7, 12)]

    assert "never meet legal calling hours" in problem_of(folder_of(tables, tmp_path)).reason


def test_ramadan_needs_patterns_of_its_own_or_of_all_the_year(tables, folder_of, tmp_path):
    move(tables, date(2026, 2, 23))
    put(tables, "exchange_rates", 2, "valid_from", "2026-01-01")
    for row in (2, 3):
        put(tables, "shift_patterns", row, "season", "outside_ramadan")
    tables["shift_patterns"].pop()
    tables["breaks"].pop()

    assert "no shift pattern is open to it in Ramadan" in problem_of(folder_of(tables, tmp_path)).reason


def test_a_break_at_sunset_is_none_on_ordinary_days(tables, folder_of, tmp_path):
    put(tables, "shift_patterns", 4, "season", "")
    put(tables, "shift_patterns", 4, "presence_minutes", "390")
    problem = problem_of(folder_of(tables, tmp_path))

    assert (problem.table, problem.row) == ("shift_patterns", 4)
    assert "390 effective minutes need breaks of 60 in all on ordinary days, it has 0 (MA-BREAK" in problem.reason


def test_ramadan_shortens_the_break(tables, folder_of, tmp_path):
    put(tables, "shift_patterns", 4, "presence_minutes", "420")
    read_case(folder_of(tables, tmp_path))
    put(tables, "shift_patterns", 4, "presence_minutes", "450")
    put(tables, "breaks", 5, "paid", "yes")
    read_case(folder_of(tables, tmp_path))
    tables["breaks"].pop()

    assert "450 effective minutes need breaks of 30 in all in Ramadan" in problem_of(folder_of(tables, tmp_path)).reason


def test_a_missed_sunset_break_is_work(tables, folder_of, tmp_path):
    put(tables, "shift_patterns", 4, "presence_minutes", "630")

    assert (
        "630 effective minutes, the law allows 600 per day (MA-DAY-MAX"
        in problem_of(folder_of(tables, tmp_path)).reason
    )
