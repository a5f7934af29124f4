"""Small generated cases with nothing closed at night, so that a change of clock falls into the middle of the work."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from data.export.plan_folder import write_plan_folder
from data.generate.case import generate_case
from data.ingest.case import read_case
from models.chain import run
from models.result import ChainResult
from wfm.case import Case
from wfm.clock import PARIS, day_start, zone
from wfm.history import CampaignHistory

HOTLINE, EMERGENCY = "hotline", "emergency"
"""Two lines that never close: partners may answer the first, only own agents the second."""
HISTORY_DAYS = 210
"""Half a year and more: so long that every history holds one night in which the customers' clock changed."""
GENERATED_DAYS = 126
ROUNDS = 400
"""Of search: with half as many, one night of six is left an hour without anyone on a line."""
NIGHT_SHIFTS = ("late_evening", "small_hours", "from_two")
"""Blocks that the partner sells at night; the clock of some nights skips or repeats two o'clock."""


@dataclass(frozen=True, eq=False)
class Week:
    """One planned week, all that led to it, and the folder that it was written to."""

    folder: Path
    case: Case
    histories: dict[str, CampaignHistory]
    written: dict[datetime, int]
    """Contacts of the hotline's history by start of the half-hour, UTC, as they were written."""
    away: str
    """An agent who is on leave all Sunday."""
    result: ChainResult


def read_table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def add(folder: Path, name: str, *new: dict[str, object]) -> None:
    """Append rows to one table of a case folder; columns not named are empty."""
    rows = read_table(folder, name)
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows([*rows, *new])


def open_at_night(folder: Path, as_of: date) -> dict[datetime, int]:
    """Add the lines that never close, their history, night shifts and night blocks; returns the hotline's history."""
    for line, inhouse in ((HOTLINE, 0), (EMERGENCY, 1)):
        add(folder, "campaigns", _line(line, inhouse, read_table(folder, "campaigns")[0]))
        add(folder, "opening_hours", {"campaign": line, "weekdays": "1-7", "opens": "00:00", "closes": "24:00"})
    night = {"pattern": "night", "earliest_start": "20:00", "latest_start": "22:00", "step_minutes": 60}
    add(folder, "shift_patterns", night | {"presence_minutes": 540})
    meal = {"pattern": "night", "name": "meal", "minutes": 60, "paid": "no"}
    add(folder, "breaks", meal | {"earliest_after": 180, "latest_after": 300})
    add(folder, "partner_campaigns", {"partner": "casablanca", "campaign": HOTLINE, "productivity": 0.9})
    windows = (("20:00", "24:00"), ("00:00", "06:00"), ("02:00", "06:00"))
    for key, (start, end) in zip(NIGHT_SHIFTS, windows, strict=True):
        window = {"shift": key, "start": start, "end": end, "weekdays": "1-7"}
        add(folder, "partner_shifts", {"partner": "casablanca", **window})
    return _write_history(folder, as_of)


def _line(name: str, inhouse: int, like: dict[str, str]) -> dict[str, object]:
    """A row of table campaigns: an inbound line that is open on holidays too, and so dear to leave unanswered that somebody is
    there at any hour of the night.
    """
    changes: dict[str, object] = {"campaign": name, "name": f"Day and night: {name}", "open_on_holidays": "yes"}
    return like | changes | {"min_partner_share": 0, "min_inhouse_share": inhouse, "shortage_cost_per_hour": 400}


def _write_history(folder: Path, as_of: date) -> dict[datetime, int]:
    """Shorten the generated history and add that of the two lines, every half-hour of it, in UTC or with the offset of Paris."""
    packed = folder / "history.csv.gz"
    reader = csv.DictReader(io.StringIO(gzip.decompress(packed.read_bytes()).decode()))
    first = (as_of - timedelta(days=GENERATED_DAYS)).isoformat()
    rows = [row for row in reader if row["interval_start"] >= first]
    paris = zone(PARIS)
    instant, end = (day_start(day, paris) for day in (as_of - timedelta(days=HISTORY_DAYS), as_of))
    written: dict[datetime, int] = {}
    while instant < end:
        written[instant] = volume = 4 + (7 * len(written) // 3 + len(written) // 48) % 5
        local = instant.astimezone(UTC if len(written) % 2 else paris)
        start = local.isoformat(timespec="minutes")
        for line, count in ((HOTLINE, volume), (EMERGENCY, 1)):
            row = {"campaign": line, "interval_start": start, "aht_seconds": "300"}
            rows.append(row | {"volume": str(count), "handled": str(count)})
        instant += timedelta(minutes=30)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(reader.fieldnames or []), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    packed.write_bytes(gzip.compress(text.getvalue().encode(), compresslevel=1, mtime=0))
    return written


def give_leave(folder: Path, day: date) -> str:
    """A day of leave for the first agent who has none at all; returns who that is."""
    away = {row["agent"] for row in read_table(folder, "absences")}
    agent = next(row["agent"] for row in read_table(folder, "agents") if row["agent"] not in away)
    add(folder, "absences", {"agent": agent, "start": day, "end": day, "kind": "paid_leave"})
    return agent


@pytest.fixture(scope="session")
def plan_week(tmp_path_factory: pytest.TempPathFactory) -> Callable[[date], Week]:
    """`plan_week(monday)`: the week through the whole chain, made once."""
    made: dict[date, Week] = {}

    def plan(monday: date) -> Week:
        if monday not in made:
            root = tmp_path_factory.mktemp(f"week-{monday}")
            generate_case("S", 1, root / "case", first_day=monday)
            written = open_at_night(root / "case", monday - timedelta(days=14))
            away = give_leave(root / "case", monday + timedelta(days=6))
            loaded = read_case(root / "case")
            result = run(loaded.case, loaded.histories, time_limit=600.0, rounds=ROUNDS, seed=1, workers=1)
            write_plan_folder(root / "plan", loaded.case, result.forecast, result.requirement, result.plan)
            made[monday] = Week(root / "plan", loaded.case, loaded.histories, written, away, result)
        return made[monday]

    return plan
