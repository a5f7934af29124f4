"""The table of lists to dial: what it means, and every way in which it is refused."""

from __future__ import annotations

from datetime import date

import pytest

from data.ingest.case import read_case
from wfm.errors import CaseError
from wfm.list_batch import ListBatch


def test_a_list_means_what_it_says(tables, folder_of, tmp_path):
    assert read_case(folder_of(tables, tmp_path)).case.list_batches == (
        ListBatch(
            campaign="sales",
            batch="décembre",
            loaded_on=date(2026, 12, 7),
            last_day=date(2026, 12, 11),
            records=1200,
            eligible=900,
            refused=30,
            refused_on=date(2026, 11, 2),
            attempted_on=(date(2026, 11, 9), date(2026, 11, 16)),
        ),
    )


def test_empty_cells_mean_all_and_none(tables, folder_of, tmp_path):
    header, row = tables["list_batches"]
    for name in ("eligible", "refused", "refused_on", "attempted_on"):
        row[header.index(name)] = ""
    (found,) = read_case(folder_of(tables, tmp_path)).case.list_batches
    assert (found.eligible, found.refused, found.refused_on, found.attempted_on) == (1200, 0, None, ())


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("campaign", "service", "campaign 'service' is inbound"),
        ("last_day", "2026-12-06", "before loaded_on 2026-12-07"),
        ("eligible", "1201", "more than the 1200 records"),
        ("refused", "901", "more than the 900 that may be called"),
        ("refused", "", "given without refused"),
        ("refused_on", "", "empty, but needed with refused"),
        ("refused_on", "2026-12-07", "not before loaded_on"),
        ("attempted_on", "2026-11-09 2026-12-07", "2026-12-07 is not before loaded_on"),
        ("attempted_on", "2026-11-09, 2026-11-31", "not"),
    ],
)
def test_a_wrong_list_is_refused(tables, folder_of, tmp_path, column, cell, reason):
    header, row = tables["list_batches"]
    row[header.index(column)] = cell
    with pytest.raises(CaseError) as caught:
        read_case(folder_of(tables, tmp_path))
    (problem,) = caught.value.problems
    assert problem.table == "list_batches"
    assert reason in problem.reason


def test_second_calls_have_no_list_of_their_own(tables, folder_of, tmp_path):
    header, *rows = tables["campaigns"]
    sales = next(row for row in rows if row[0] == "sales")
    again = [
        {"campaign": "signing", "second_call_of": "sales", "second_call_share": "0.3"}.get(n, c)
        for n, c in zip(header, sales, strict=True)
    ]
    tables["campaigns"].append(again)
    tables["opening_hours"].append(["signing", "1-5", "10:00", "20:00"])
    tables["history"] += [["signing", *row[1:]] for row in tables["history"] if row[0] == "sales"]
    tables["list_batches"][1][0] = "signing"
    with pytest.raises(CaseError) as caught:
        read_case(folder_of(tables, tmp_path))
    assert [problem.reason for problem in caught.value.problems] == [
        "campaign 'signing' makes second calls, whose records come from the first"
    ]
