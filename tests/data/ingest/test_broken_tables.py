"""Cases broken in their files, headers, keys and relations, and many faults at once."""

from __future__ import annotations

import gzip

import pytest

from data.ingest import text
from data.ingest.case import read_case
from data.ingest.problems import LIMIT
from wfm.errors import CaseError


def problems_of(path):
    with pytest.raises(CaseError) as caught:
        read_case(path)
    return caught.value.problems


def only_problem(path, table, row, column, *texts):
    problems = problems_of(path)
    assert len(problems) == 1, [str(problem) for problem in problems]
    problem = problems[0]
    assert (problem.table, problem.row, problem.column) == (table, row, column)
    reason, mend = texts
    assert reason in problem.reason
    assert mend in problem.mend


def _missing_table(t):
    del t["contracts"]
    return "contracts", None, None, "the table is missing", "Add contracts.csv"


def _header_only(t):
    t["skills"] = t["skills"][:1]
    return "skills", None, None, "the table is empty", "Add at least one row"


def _missing_column(t):
    t["partners"] = [row[:4] + row[5:] for row in t["partners"]]
    return "partners", 1, "seats", "the column is missing", "Seats there are"


def _unknown_column(t):
    t["sites"] = [[*row, "x"] for row in t["sites"]]
    t["sites"][0][-1] = "colour"
    return "sites", 1, "colour", "no column of this table", "or remove it"


def _duplicate_column(t):
    t["sites"] = [[*row, row[1]] for row in t["sites"]]
    return "sites", 1, "name", "given twice", "Remove one"


def _person_names(t):
    t["agents"] = [[*row, "x"] for row in t["agents"]]
    t["agents"][0][-1] = "First Name"
    return "agents", 1, "First Name", "looks like personal data", "Remove the column"


def _cells_without_header(t):
    t["sites"] = [[*row, "note"] for row in t["sites"]]
    t["sites"][0][-1] = ""
    return "sites", 1, "", "no column of this table", "Remove it"


def _short_row(t):
    t["markets"][1].pop()
    return "markets", 2, None, "the row has 3 cells, the header has 4", "Give every column a cell"


def _long_row(t):
    t["history"][7] += ["", "9"]
    return "history", 8, None, "the row has 10 cells, the header has 8", "quote"


def _duplicate_agent(t):
    t["agents"].append(t["agents"][1])
    return "agents", 5, "agent", "the same key as row 2", "Remove one"


def _duplicate_skill(t):
    t["skills"].append(["A1", "sales", "3"])
    return "skills", 6, "agent, skill", "the same key as row 3", "Remove one"


def _duplicate_interval(t):
    t["history"].insert(3, t["history"][1])
    return "history", 4, "interval_start", "the same interval of the campaign as in row 2", "add them up"


def _no_price(t):
    t["partner_tiers"] = t["partner_tiers"][:1]
    return "partners", 2, "partner", "the partner has no price", "partner_tiers"


def _no_window(t):
    del t["partner_shifts"]
    return "partners", 2, "partner", "sells no shifts", "partner_shifts"


def _tiers_out_of_order(t):
    t["partner_tiers"].append(["casa", "20", "12"])
    return "partner_tiers", 4, "from_hours", "tier bounds out of order: below 40.5 of row 3", "rising"


def _tier_twice(t):
    t["partner_tiers"].append(["casa", "40.50", "12"])
    return "partner_tiers", 4, "partner, from_hours", "the same key as row 3", "Remove one"


def _no_hours(t):
    t["opening_hours"].pop()
    return "campaigns", 4, "campaign", "no opening hours", "opening_hours"


def _overlapping_hours(t):
    t["opening_hours"].append(["service", "5-6", "17:00", "19:00"])
    return "opening_hours", 6, "opens", "overlaps the hours of row 2 on weekday 5", "follow"


def _no_pattern(t):
    t["contracts"].append(["half", "20", "5", "0", ""])
    for row in t["shift_patterns"][1:]:
        row[1] = "full"
    return "contracts", 3, "contract", "no shift pattern is open to it", "shift_patterns"


def _short_history(t):
    t["history"] = [row for row in t["history"] if row[0] != "mail" or row[1] < "2026-11-01"]
    return "campaigns", 4, "campaign", "its history spans 13 days", "Add rows to history"


def _no_handling_time(t):
    for row in t["history"]:
        if row[0] == "sales":
            row[4] = ""
    return "campaigns", 3, "campaign", "no handling time", "aht_seconds"


def _two_plans(t):
    t["plan"].append(["Another", *t["plan"][1][1:]])
    return "plan", 3, "name", "a second plan", "Keep one row"


def _two_clocks(t):
    t["sites"].append(["paris", "Paris", "Paris", "MA", "Europe/Paris", "0.1", "", ""])
    return "sites", 3, "time_zone", "not the time zone of the first site", "a case of their own"


def _own_rate(t):
    t["exchange_rates"].append(["EUR", "1.1", "2026-01-01"])
    return "exchange_rates", 5, "rate", "another rate than 1", "Remove the row"


def _misspelt_table(t):
    t["shopping"] = [["a"]]
    t["abscences"] = [["a"]]
    return "absences", None, None, "no table of the case has this name", "Rename it to absences.csv"


def _no_break_left(t):
    t["breaks"][3][2] = "180"
    t["breaks"].insert(4, ["long", "rest", "180", "no", "420", "420", "no"])
    t["shift_patterns"][2][5] = "360"
    t["breaks"][3][4:6] = ["0", "0"]
    t["breaks"][4][4:6] = ["180", "180"]
    return "shift_patterns", 3, "presence_minutes", "its breaks leave no working time", "Lengthen"


BREAKS = [value for name, value in dict(globals()).items() if name.startswith("_") and callable(value)]


@pytest.mark.parametrize("breaking", BREAKS, ids=lambda breaking: breaking.__name__.strip("_"))
def test_a_broken_table(tables, folder_of, tmp_path, breaking):
    expected = breaking(tables)
    only_problem(folder_of(tables, tmp_path), *expected)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", (None, "the file is empty", "Start with: site,name")),
        (b"# only a comment\n\n", (None, "the table has no header", "Start with: site,name")),
        ("site,name\nrabat,Salé".encode("latin-1"), (2, "not UTF-8", "CSV UTF-8")),
        ("site,name\nrabat,Salé".encode("utf-16"), (None, "UTF-16", "CSV UTF-8")),
        (b"site,name\nrabat,\x00\x01", (None, "binary", "CSV")),
        (b'site,name\nrabat,ok\nsale,"open', (3, "not readable as CSV", "quotation mark")),
    ],
    ids=["empty", "comment", "latin-1", "utf-16", "binary", "quote"],
)
def test_a_broken_file(tables, folder_of, tmp_path, raw, expected):
    (folder_of(tables, tmp_path) / "sites.csv").write_bytes(raw)
    problem = problems_of(tmp_path)[0]
    assert (problem.table, problem.row) == ("sites", expected[0])
    assert expected[1] in problem.reason
    assert expected[2] in problem.mend


def test_a_damaged_or_doubled_history(tables, folder_of, tmp_path):
    folder_of(tables, tmp_path)
    packed = gzip.compress((tmp_path / "history.csv").read_bytes())
    (tmp_path / "history.csv.gz").write_bytes(packed)
    only_problem(tmp_path, "history", None, None, "the table is given twice", "Keep one")
    (tmp_path / "history.csv").unlink()
    (tmp_path / "history.csv.gz").write_bytes(packed[:-40])
    only_problem(tmp_path, "history", None, None, "cannot be read", "again")


def test_a_history_too_large(tables, folder_of, tmp_path, monkeypatch):
    folder_of(tables, tmp_path)
    (tmp_path / "history.csv").unlink()
    (tmp_path / "history.csv.gz").write_bytes(gzip.compress(b"0" * 3_000_000))
    monkeypatch.setattr(text, "LARGEST_BYTES", 2_000_000)
    only_problem(tmp_path, "history", None, None, "larger than 2 MB", "oldest history")


def test_an_unquoted_decimal_comma_is_told_as_such(tables, folder_of, tmp_path):
    folder_of(tables, tmp_path)
    (tmp_path / "partner_tiers.csv").write_text("partner,from_hours,price_per_hour\ncasa,0,13,5\n", encoding="utf-8")
    only_problem(tmp_path, "partner_tiers", 2, None, "the row has 4 cells, the header has 3", "quote a text or number")


def test_rows_keep_their_number_under_comments_and_blank_lines(tables, folder_of, tmp_path):
    tables["skills"][2][2] = "9"
    tables["skills"] = [["# what agents can do"], [], *tables["skills"][:2], [], *tables["skills"][2:]]
    only_problem(folder_of(tables, tmp_path), "skills", 6, "level", "above the largest value allowed, 5", "at most 5")


def test_faults_in_a_workbook_carry_its_row_numbers(tables, book_of, tmp_path):
    tables["skills"] = [["# what agents can do"], [], *tables["skills"]]
    tables["skills"][4][2] = "two"
    problems = problems_of(book_of(tables, tmp_path / "case.xlsx"))
    assert [(p.table, p.row, p.column, p.value) for p in problems] == [("skills", 5, "level", "two")]


def test_a_misspelt_sheet(tables, book_of, tmp_path):
    tables["Partners"] = tables.pop("partners")
    problems = problems_of(book_of(tables, tmp_path / "case.xlsx"))
    assert "Rename it to partners" in problems[0].mend


def test_all_faults_are_listed_at_once_in_order(tables, folder_of, tmp_path):
    tables["plan"][1][3] = "10"
    tables["campaigns"][1][4] = "live"
    tables["history"][1][2] = "-1"
    tables["history"][2][1] = "2026-10-25T02:30"
    tables["agents"][1][3] = "dear"
    tables["absences"][1][2] = "2026-12-01"
    tables["partner_tiers"][1][1] = "1"
    tables["breaks"][1][3] = "perhaps"
    del tables["markets"]
    problems = problems_of(folder_of(tables, tmp_path))
    assert [(p.table, p.row, p.column) for p in problems] == [
        ("plan", 2, "days"),
        ("markets", None, None),
        ("campaigns", 2, "stage"),
        ("history", 2, "volume"),
        ("agents", 2, "hourly_cost"),
        ("absences", 2, "end"),
        ("breaks", 2, "paid"),
        ("partner_tiers", 2, "from_hours"),
    ]
    assert "8 problem(s)" in str(CaseError(problems))


def test_a_flood_of_one_kind_is_counted(tables, folder_of, tmp_path):
    for row in tables["history"][1:]:
        row[4] = "0"
    problems = problems_of(folder_of(tables, tmp_path))
    faults = len(tables["history"]) - 1
    assert len(problems) == LIMIT + 1
    assert f"{faults - LIMIT} more of the same kind" in problems[-1].reason
