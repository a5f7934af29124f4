"""Whatever a cell or file says, only CaseError comes of it."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.ingest.case import read_case
from data.ingest.tables import TABLES
from wfm.errors import CaseError, Problem

CELLS = [(table.name, column.name) for table in TABLES for column in table.columns]
ODD = st.sampled_from(
    ["-1", "0", "1e308", "9" * 30, "24:00", "2026-12-07T08:00+14:00", "1990-01-01", "2100-12-31", "1-7", "Europe/Paris/x",
     "2026-10-25T02:30", "É", "'", '"', "#", "\n", "\ufeff", "=1+1", "null", "NaT", "XX", "ZZZ", "a" * 5000, "０", "٣", "1_000"]
)  # fmt: skip


def _problems(folder: Path) -> list[Problem]:
    """What is wrong with the case; [] when it is read after all."""
    try:
        read_case(folder)
    except CaseError as error:
        return error.problems
    return []


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(cell=st.sampled_from(CELLS), text=st.one_of(st.text(max_size=20), ODD), row=st.integers(1, 2))
def test_garbage_in_a_cell(fresh_tables, folder_of, cell, text, row):
    tables = fresh_tables()
    rows = tables[cell[0]]
    rows[min(row, len(rows) - 1)][rows[0].index(cell[1])] = text.encode("utf-8", "replace").decode()
    with tempfile.TemporaryDirectory() as folder:
        folder_of(tables, Path(folder))
        assert all(problem.reason and problem.mend for problem in _problems(Path(folder)))


@settings(max_examples=40, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=st.sampled_from([table.name for table in TABLES]), raw=st.binary(max_size=60), after=st.booleans())
def test_garbage_for_a_file(fresh_tables, folder_of, name, raw, after):
    tables = fresh_tables()
    with tempfile.TemporaryDirectory() as folder:
        path = folder_of(tables, Path(folder)) / f"{name}.csv"
        header = io.StringIO()
        csv.writer(header).writerow(tables[name][0])
        path.write_bytes(header.getvalue().encode() + raw if after else raw)
        assert all(problem.reason and problem.mend for problem in _problems(Path(folder)))
