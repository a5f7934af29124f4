"""The table of overrides: what it means, and every way in which it is refused."""

from __future__ import annotations

from datetime import date, time

import pytest

from data.ingest.case import read_case
from wfm.errors import CaseError
from wfm.override import Override


def test_overrides_mean_what_they_say(tables, folder_of, tmp_path):
    assert read_case(folder_of(tables, tmp_path)).case.overrides == (
        Override(
            campaign="mail",
            first_day=date(2026, 12, 8),
            last_day=date(2026, 12, 9),
            volume=120.5,
            author="P01",
            reason="relance",
        ),
        Override(
            campaign="service",
            first_day=date(2026, 12, 9),
            last_day=date(2026, 12, 9),
            from_time=time(16),
            to_time=time(0),
            percent=-12.5,
            author="P02",
            reason="panne réglée",
        ),
    )


@pytest.mark.parametrize(
    ("row", "column", "cell", "reason"),
    [
        (1, "volume", "", "neither volume nor percent"),
        (1, "percent", "5", "given beside a volume"),
        (1, "last_day", "2026-12-14", "outside the days planned"),
        (1, "last_day", "2026-12-06", "outside the days planned"),
        (1, "from_time", "10:00", "empty beside from_time"),
        (2, "from_time", "", "empty beside to_time"),
        (2, "to_time", "16:00", "not after 16:00"),
        (2, "reason", "ok", "too short"),
        (2, "percent", "-101", "below the smallest value"),
        (2, "author", "", "empty"),
    ],
)
def test_a_wrong_override_is_refused(tables, folder_of, tmp_path, row, column, cell, reason):
    rows = tables["overrides"]
    rows[row][rows[0].index(column)] = cell
    with pytest.raises(CaseError) as caught:
        read_case(folder_of(tables, tmp_path))
    assert any(reason in problem.reason and problem.table == "overrides" for problem in caught.value.problems)
