"""The same case reads the same from every accepted form, and means what the contract says."""

from __future__ import annotations

import gzip
import math
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from data.ingest.case import read_case
from wfm.errors import CaseError

SAMPLE = Path("data/samples/rabat")


def test_case_means_what_it_says(tables, folder_of, tmp_path):
    case, histories = read_case(folder_of(tables, tmp_path))
    assert case.name == "Petit été"
    assert case.contracts[0].week_minutes == 2250
    assert case.agents[0].skills == {"life": 2, "sales": 1}
    assert case.agents[0].last_shift_end == datetime(2026, 12, 6, 17, tzinfo=UTC)
    assert case.agents[2].last_shift_end == datetime(2026, 12, 4, 17, tzinfo=UTC)
    assert (case.absences[0].start, case.absences[0].end, case.absences[0].whole_day) == (
        datetime(2026, 12, 9, tzinfo=UTC),
        datetime(2026, 12, 11, tzinfo=UTC),
        True,
    )
    assert not case.absences[1].whole_day
    assert [hours.weekday for hours in case.opening_hours if hours.campaign == "mail"] == [1, 2, 3, 4, 5]
    assert [hours.closes for hours in case.opening_hours if hours.weekday == 6] == [time(0)]
    assert [pause.name for pause in case.shift_patterns[0].breaks] == ["lunch", "tea"]
    assert [tier.price_per_hour for tier in case.partners[0].tiers] == [1350, 1225]
    assert case.events[0].campaign is None
    assert case.campaigns[1].max_agents == 10
    assert len(histories["service"]) == 42


def test_money_is_rounded_half_up_after_conversion(tables, folder_of, tmp_path):
    tables["agents"][1][3] = "50"  # 50 MAD x 0.093 = 4.65
    tables["agents"][2][3] = "0.5914"  # 0.055 00: half a cent, up
    tables["agents"][3][3] = "4.124999"
    case = read_case(folder_of(tables, tmp_path)).case
    assert [agent.hourly_cost for agent in case.agents] == [465, 6, 412]


def test_exactly_half_a_cent_goes_up(tables, folder_of, tmp_path):
    tables["exchange_rates"][2][1] = "0.5"
    tables["agents"][1][3] = "0.01"
    assert read_case(folder_of(tables, tmp_path)).case.agents[0].hourly_cost == 1


def test_history_is_utc_across_the_clock_change(tables, folder_of, tmp_path):
    _, histories = read_case(folder_of(tables, tmp_path))
    starts = [datetime.fromtimestamp(int(minute) * 60, UTC) for minute in histories["service"].start_minute]
    assert starts[0] == datetime(2026, 10, 19, 8, tzinfo=UTC)
    assert starts[-1] == datetime(2026, 11, 8, 9, 30, tzinfo=UTC)
    assert starts == sorted(starts)


def test_outbound_volume_is_records_loaded(tables, folder_of, tmp_path):
    _, histories = read_case(folder_of(tables, tmp_path))
    sales = histories["sales"]
    assert (sales.volume[0], sales.attempts[0], sales.contacts[0]) == (100, 55, 9)
    assert math.isnan(sales.handled[0])
    assert math.isnan(histories["mail"].attempts[0])


def test_repeated_hour_is_read_with_offsets(tables, folder_of, tmp_path):
    for offset in ("+02:00", "+01:00"):
        tables["history"].append(["service", f"2026-10-25T02:30{offset}", "1", "", "", "", "", ""])
    _, histories = read_case(folder_of(tables, tmp_path))
    assert len(histories["service"]) == 44


@pytest.mark.parametrize("form", ["semicolon", "tab", "xlsx", "gz", "comments"])
def test_every_form_gives_the_same_case(tables, folder_of, book_of, tmp_path, form):
    expected = read_case(folder_of(tables, tmp_path / "plain")).case.content_hash()
    path = tmp_path / form
    if form == "semicolon":
        folder_of(tables, path, ";", ",", "utf-8-sig")
    elif form == "tab":
        folder_of(tables, path, "\t", ",")
    elif form == "xlsx":
        path = book_of(tables, tmp_path / "case.xlsx")
    elif form == "gz":
        folder_of(tables, path)
        (path / "history.csv.gz").write_bytes(gzip.compress((path / "history.csv").read_bytes()))
        (path / "history.csv").unlink()
    else:
        for name in tables:
            tables[name] = [["# said, in", "words"], [], *tables[name], [], ["", ""], ["# end"]]
        folder_of(tables, path)
    assert read_case(path).case.content_hash() == expected


def test_decimal_comma_is_read_quoted_in_comma_files(tables, folder_of, tmp_path):
    expected = read_case(folder_of(tables, tmp_path / "plain")).case.content_hash()
    tables["exchange_rates"][2][1] = "0.0930"
    assert read_case(folder_of(tables, tmp_path / "commas", ",", ",")).case.content_hash() == expected


def test_decomposed_accents_and_column_order_do_not_matter(tables, folder_of, tmp_path):
    expected = read_case(folder_of(tables, tmp_path / "plain")).case.content_hash()
    tables["plan"][1][0] = "Petit e\u0301te\u0301"
    tables["skills"] = [row[::-1] for row in tables["skills"]]
    assert read_case(folder_of(tables, tmp_path / "other")).case.content_hash() == expected


def test_optional_tables_and_columns_may_be_left_out(tables, folder_of, tmp_path):
    for name in ("events", "absences", "wishes", "breaks", "exchange_rates", "holidays"):
        del tables[name]
    for row in tables["agents"][1:]:
        row[4] = "EUR"
    tables["agents"] = [row[:6] for row in tables["agents"]]
    tables["sites"] = [row[:6] for row in tables["sites"]]
    tables["contracts"] = [row[:4] for row in tables["contracts"]]
    tables["campaigns"] = [row[:-9] for row in tables["campaigns"]]
    tables["shift_patterns"] = [row[:6] for row in tables["shift_patterns"]]
    for row in tables["shift_patterns"][1:]:
        row[5] = "360"  # no longer without breaks
    case = read_case(folder_of(tables, tmp_path)).case
    assert case.absences == ()
    assert case.agents[0].last_shift_end is None


def test_the_committed_sample_is_valid():
    root = Path(__file__).parents[3]
    case, histories = read_case(root / SAMPLE)
    assert set(histories) == {campaign.id for campaign in case.campaigns}


def test_a_path_that_is_no_case(tmp_path):
    with pytest.raises(CaseError, match="does not exist"):
        read_case(tmp_path / "none")
    (tmp_path / "x.xlsx").write_text("no workbook", encoding="utf-8")
    with pytest.raises(CaseError, match="not a readable workbook"):
        read_case(tmp_path / "x.xlsx")
