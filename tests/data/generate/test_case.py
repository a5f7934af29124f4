"""Synthetic cases: the same every time, of the size asked for, in the format declared, and balanced as promised."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.generate.case import FIRST_DAY, NOTICE, SHAPES, Size, generate_case
from data.generate.load import handling_hours, inbound_agents
from data.ingest.case import read_case
from data.ingest.tables import TABLE_BY_NAME, TABLES
from wfm.calendar import calendar
from wfm.errors import CaseError
from wfm.opening import legal_spans

SAMPLE = Path(__file__).parents[3] / "data" / "samples" / "rabat"
Make = Callable[[Size], Path]


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Folder of the case of a size with seed 1, made once."""
    root = tmp_path_factory.mktemp("cases")

    def folder(size: Size) -> Path:
        if not (root / size).exists():
            generate_case(size, 1, root / size)
        return root / size

    return folder


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def history(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "history.csv.gz")


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(make: Make, tmp_path: Path) -> None:
    generate_case("S", 1, tmp_path / "again")
    generate_case("S", 2, tmp_path / "other")
    first, again, other = (
        {path.name: path.read_bytes() for path in folder.iterdir()}
        for folder in (make("S"), tmp_path / "again", tmp_path / "other")
    )

    assert first == again
    assert first["history.csv.gz"] != other["history.csv.gz"]
    assert first["agents.csv"] != other["agents.csv"]


@pytest.mark.parametrize("first_day", [date(2025, 3, 24), date(2026, 2, 9), date(2026, 9, 14)])
def test_a_case_may_start_on_any_monday(tmp_path: Path, first_day: date) -> None:
    generate_case("S", 1, tmp_path / "one", first_day)
    generate_case("S", 1, tmp_path / "two", first_day)
    case, histories = read_case(tmp_path / "one")
    starts = history(tmp_path / "one")["interval_start"]

    assert (case.first_day, case.as_of) == (first_day, first_day - NOTICE)
    assert starts.min()[:10] >= str(case.as_of - timedelta(weeks=104))
    assert starts.max()[:10] < str(case.as_of)
    assert set(histories) == {line.id for line in SHAPES["S"].lines}
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two


@pytest.mark.parametrize("first_day", [date(2026, 9, 15), date(1991, 1, 7), date(2100, 1, 4)])
def test_a_case_cannot_start_on_just_any_day(tmp_path: Path, first_day: date) -> None:
    with pytest.raises(CaseError, match="first_day"):
        generate_case("S", 1, tmp_path / "none", first_day)

    assert not (tmp_path / "none").exists()


def test_the_sample_is_what_the_generator_writes(make: Make) -> None:
    made = {path.name: path.read_bytes() for path in make("M").iterdir()}
    stored = {path.name: path.read_bytes() for path in SAMPLE.iterdir() if path.name != "README.md"}

    # Compressed bytes depend on the zlib build, so the texts inside are compared.
    for files in (made, stored):
        files["history.csv.gz"] = gzip.decompress(files["history.csv.gz"])
    assert made == stored
    assert sum(path.stat().st_size for path in SAMPLE.iterdir()) < 2_000_000


@pytest.mark.parametrize(("size", "weeks"), [("S", 1), ("M", 4)])
def test_sizes(make: Make, size: Size, weeks: int) -> None:
    folder, shape = make(size), SHAPES[size]

    assert len(rows(folder, "agents")) == shape.agents
    assert len(rows(folder, "campaigns")) == len(shape.lines)
    assert len(rows(folder, "partners")) == shape.partners
    assert rows(folder, "plan")[0]["days"] == str(7 * weeks)


def test_the_large_shapes() -> None:
    counts = {size: (shape.agents, shape.weeks, len(shape.lines), shape.partners) for size, shape in SHAPES.items()}

    assert counts == {"S": (20, 1, 3, 2), "M": (100, 4, 8, 4), "L": (300, 4, 10, 5), "XL": (1000, 4, 12, 6)}


@pytest.mark.parametrize("size", ["S", "M"])
def test_the_reader_accepts_every_case(make: Make, size: Size) -> None:
    case, histories = read_case(make(size))

    assert len(case.agents) == SHAPES[size].agents
    assert set(histories) == {line.id for line in SHAPES[size].lines}


@pytest.mark.parametrize("size", ["S", "M"])
def test_own_agents_can_do_two_thirds_of_what_last_december_needed(make: Make, size: Size) -> None:
    """From the files alone: the same weeks a year before, against contracts, leave and shrinkage."""
    case, histories = read_case(make(size))
    start = int(np.datetime64("2025-12-08", "m").astype(int))
    required = inbound = 0.0
    for campaign in case.campaigns:
        past = histories[campaign.id]
        weeks = (past.start_minute >= start) & (past.start_minute < start + case.days * 1440)
        if not weeks.any():  # the test campaign did not exist yet: 3 % of the work
            continue
        handled, aht = np.nansum(past.handled[weeks]), np.nanmean(past.aht_seconds[weeks])
        if campaign.channel == "inbound":
            hours = inbound_agents(past.volume[weeks], float(aht), 30, campaign.max_occupancy).sum() / 2
            inbound += hours
        else:
            hours = handling_hours(float(handled), float(aht), campaign.max_occupancy)
        if campaign.channel == "outbound":
            hours += handling_hours(float(np.nansum(past.attempts[weeks])), 45.0, campaign.max_occupancy)
        required += hours
    paid = sum(case.contract_by_id[agent.contract].week_minutes / 60 * case.weeks for agent in case.agents)
    leave = sum(
        (absence.end - absence.start).days
        * case.contract_by_id[case.agent_by_id[absence.agent].contract].leave_credit_minutes
        / 60
        for absence in case.absences
        if absence.whole_day
    )
    own = (paid - leave) * (1 - case.sites[0].unplanned_shrinkage)

    assert 0.60 <= own / required <= 0.75
    assert 0.45 <= inbound / required <= 0.62


@pytest.mark.parametrize("size", ["S", "M"])
def test_every_table_is_as_declared(make: Make, size: Size) -> None:
    folder = make(size)
    files = {path.name for path in folder.iterdir()}

    for table in TABLES:
        if table.name == "history":
            assert list(history(folder).columns) == [column.name for column in table.columns]
            continue
        if not table.required and f"{table.name}.csv" not in files:
            continue
        found = rows(folder, table.name)
        keys = [tuple(row[name] for name in table.key) for row in found]
        assert len(set(keys)) == len(keys) > 0
        for column in table.columns:
            values = [row[column.name] for row in found]
            present = [value for value in values if value]
            assert not column.required or all(values), f"{table.name}.{column.name}"
            if column.choices:
                assert set(present) <= set(column.choices)
            if column.kind in {"int", "number", "money", "share"}:
                numbers = [float(value) for value in present]
                assert all(column.minimum is None or number >= column.minimum for number in numbers)
                assert all(column.maximum is None or number <= column.maximum for number in numbers)
            if column.ref:
                target = TABLE_BY_NAME[column.ref]
                assert set(present) <= {row[target.key[0]] for row in rows(folder, column.ref)}


def test_history_keeps_to_opening_hours_holidays_and_law(make: Make) -> None:
    found = history(make("M"))
    walls = found["interval_start"].str.slice(0, 16)
    days = [date.fromisoformat(day) for day in walls.str.slice(0, 10)]
    holiday = np.array([calendar("FR").is_holiday(day) for day in days])

    assert walls.min() >= "2024-11-25"
    assert max(days) < FIRST_DAY - NOTICE
    assert set(found.loc[holiday, "campaign"]) == {"claims"}
    outbound = found["campaign"].isin(["cross_sell", "anniversary", "test_dental"])
    spans = {f"{start:%H:%M}-{end:%H:%M}" for start, end in legal_spans(calendar("FR"), FIRST_DAY)}
    clock = walls.str.slice(11, 16)[outbound]
    assert spans == {"10:00-13:00", "14:00-20:00"}
    assert (((clock >= "10:00") & (clock < "13:00")) | ((clock >= "14:00") & (clock < "20:00"))).all()
    assert not found.duplicated(["campaign", "interval_start"]).any()


def test_outbound_history_looks_like_dialling(make: Make) -> None:
    found = history(make("M")).groupby("campaign")[["records_loaded", "attempts", "contacts"]].sum()
    dialled = found.loc[["cross_sell", "anniversary", "test_dental"]]

    assert (dialled["contacts"] / dialled["attempts"]).between(0.17, 0.19).all()
    assert (dialled["attempts"] / dialled["records_loaded"]).between(2.8, 3.3).all()


def test_agents_form_few_groups(make: Make) -> None:
    held: dict[str, set[str]] = {}
    for row in rows(make("M"), "skills"):
        held.setdefault(row["agent"], set()).add(row["skill"])

    assert len(held) == 100
    assert 8 <= len({frozenset(skills) for skills in held.values()}) <= 14
    assert all(1 <= len(skills) <= 3 for skills in held.values())


def test_about_seven_percent_of_working_days_are_leave(make: Make) -> None:
    leave = [row for row in rows(make("M"), "absences") if row["kind"] == "paid_leave"]
    days = sum((date.fromisoformat(row["end"]) - date.fromisoformat(row["start"])).days + 1 for row in leave)

    assert 0.05 <= days / (100 * 20) <= 0.09
