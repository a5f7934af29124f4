"""Cases around histories made elsewhere: what is learnt, what is dropped and said, what is refused."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.generate.foreign import read_foreign
from data.generate.from_history import from_history
from data.generate.learned_hours import learn_hours
from data.ingest.case import read_case
from wfm.errors import CaseError
from wfm.law import labour_pack
from wfm.shift import Season

AXA = Path(__file__).parents[4] / "shared" / "data" / "forecasting" / "axa_france_30min_2011_2012.parquet"


def tidy(weeks: int = 20) -> pd.DataFrame:
    """Two queues to 2025-06-15 in half-hours: one Monday to Friday 09:00-17:00, one at all hours with few calls at night."""
    ds = pd.date_range("2025-06-15 23:30", periods=weeks * 336, freq="-30min")[::-1]
    hour, weekday = ds.hour, ds.day_of_week
    office = np.where((weekday < 5) & (hour >= 9) & (hour < 17), 40, 0)
    always = np.where((hour >= 7) & (hour < 21), 20, 3)
    rng = np.random.default_rng(0)
    frames = [
        pd.DataFrame({"series": name, "ds": ds, "y": rng.poisson(mean)})
        for name, mean in (("Téléphonie", office), ("Jour & nuit", always))
    ]
    # A queue nobody asked for: far smaller than the others.
    frames.append(pd.DataFrame({"series": "Petite", "ds": ds[20:24], "y": 1}))
    return pd.concat(frames, ignore_index=True)


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("foreign")
    tidy().to_csv(root / "calls.csv", index=False)
    from_history(root / "calls.csv", root / "case", agents=30, partners=2, queues=2)
    return root / "case"


def test_the_reader_accepts_the_case(folder: Path) -> None:
    case, histories = read_case(folder)

    assert len(case.agents) == 30
    assert set(histories) == {"jour_nuit", "telephonie"}


def test_the_largest_queues_become_campaigns(folder: Path) -> None:
    found = {row["campaign"]: row["name"] for row in rows(folder, "campaigns")}

    assert found == {"jour_nuit": "Jour & nuit", "telephonie": "Téléphonie"}
    assert {row["channel"] for row in rows(folder, "campaigns")} == {"inbound"}


def test_opening_hours_are_learnt(folder: Path) -> None:
    found = [tuple(row.values()) for row in rows(folder, "opening_hours")]

    assert ("telephonie", "1-5", "09:00", "17:00") in found
    assert [row for row in found if row[0] == "jour_nuit"] == [
        ("jour_nuit", weekdays, "00:00", "24:00") for weekdays in ("1-5", "6", "7")
    ]


def test_the_plan_follows_the_history(folder: Path) -> None:
    plan = rows(folder, "plan")[0]

    assert (plan["as_of"], plan["first_day"], plan["days"]) == ("2025-06-16", "2025-06-30", "28")


def test_the_hour_that_a_clock_change_skips_is_dropped_and_said(folder: Path) -> None:
    starts = pd.read_csv(folder / "history.csv.gz")["interval_start"]

    # 2025-03-30 02:00 to 03:00 does not exist in Paris; the made-up history has it for the queue open at night.
    assert not starts.str.startswith("2025-03-30T02").any()
    assert starts.str.startswith("2025-03-30T03").any()
    assert "2 rows lay in an hour" in (folder / "README.md").read_text(encoding="utf-8")


def test_nights_are_sold_by_partners_and_free_of_own_shifts(folder: Path) -> None:
    assert {"from_00", "from_20"} <= {row["shift"] for row in rows(folder, "partner_shifts")}
    assert all(row["earliest_start"] >= "06:00" for row in rows(folder, "shift_patterns"))


def test_partners_can_cover_every_queue(folder: Path) -> None:
    certified = {row["campaign"] for row in rows(folder, "partner_campaigns")}

    assert certified == {"jour_nuit", "telephonie"}


def test_a_rare_contact_opens_no_line() -> None:
    ds = pd.Series(pd.date_range("2025-01-06", periods=48 * 70, freq="30min"))
    y = pd.Series(np.where((ds.dt.day_of_week < 5) & ds.dt.hour.between(8, 17), 50.0, 0.0))
    y[ds == pd.Timestamp("2025-02-02 03:00")] = 1.0

    hours = learn_hours(ds, y, 30, "FR")

    assert [hours.spans(kind) for kind in range(3)] == [[(16, 36)], [], []]
    assert not hours.on_holidays


def test_a_lunch_gap_is_bridged_and_a_long_one_is_not() -> None:
    ds = pd.Series(pd.date_range("2025-01-06", periods=48 * 70, freq="30min"))
    hour = ds.dt.hour
    short = learn_hours(ds, pd.Series(np.where(hour.between(8, 11) | hour.between(13, 17), 9.0, 0.0)), 30, "FR")
    long = learn_hours(ds, pd.Series(np.where(hour.between(4, 7) | hour.between(13, 17), 9.0, 0.0)), 30, "FR")

    assert short.spans(0) == [(16, 36)]
    assert long.spans(0) == [(8, 16), (26, 36)]


def with_cell(column: str, value: object) -> pd.DataFrame:
    """A good history with one bad cell."""
    history = tidy().astype({column: "object"})
    history.loc[5, column] = value
    return history


def every_hour() -> pd.DataFrame:
    history = tidy()
    return history[history["ds"].dt.minute == 0]


BROKEN: dict[str, tuple[Callable[[], pd.DataFrame], str]] = {
    "columns": (lambda: tidy().rename(columns={"y": "calls"}), "column missing"),
    "empty": (lambda: tidy().iloc[:0], "no rows"),
    "negative": (lambda: with_cell("y", -3), "negative"),
    "text": (lambda: with_cell("y", "many"), "not a number"),
    "duplicate": (lambda: pd.concat([tidy(), tidy().iloc[[7]]]), "given twice"),
    "date": (lambda: with_cell("ds", "31/12/2024"), "not a local date and time"),
    "offset": (lambda: with_cell("ds", "2025-05-05T10:00+02:00"), "not a local date and time"),
    "unaligned": (lambda: with_cell("ds", "2025-05-05 10:07"), "not the start of"),
    "hourly": (every_hour, "an hour or longer"),
    "short": (lambda: tidy(weeks=3), "covers 20 days"),
    "nameless": (lambda: with_cell("series", ""), "empty"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_bad_histories_are_refused(kind: str, tmp_path: Path) -> None:
    make, reason = BROKEN[kind]
    make().to_csv(tmp_path / "bad.csv", index=False)

    with pytest.raises(CaseError) as caught:
        from_history(tmp_path / "bad.csv", tmp_path / "case", agents=10, partners=1)

    assert reason in caught.value.problems[0].reason
    assert len(caught.value.problems) == 1
    assert not (tmp_path / "case").exists()


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    history = tidy().astype({"y": "object"})
    history.loc[3, "y"] = -1
    history.loc[9, "y"] = "x"
    history.to_csv(tmp_path / "bad.csv", index=False, sep=";")

    with pytest.raises(CaseError) as caught:
        read_foreign(tmp_path / "bad.csv")

    assert [(problem.row, problem.value) for problem in caught.value.problems] == [(5, "-1"), (11, "x")]


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="cannot be read"):
        read_foreign(tmp_path / "missing.csv")


def test_unusable_arguments_are_refused_together(tmp_path: Path) -> None:
    with pytest.raises(CaseError) as caught:
        from_history(tmp_path / "x.csv", tmp_path / "case", agents=0, partners=9, first_day=date(2025, 7, 1))

    assert [problem.column for problem in caught.value.problems] == ["agents", "partners", "first_day"]


if AXA.exists():

    def test_the_axa_history_becomes_a_case(tmp_path: Path) -> None:
        from_history(AXA, tmp_path / "case", agents=100, partners=4)

        case, histories = read_case(tmp_path / "case")
        assert len(case.campaigns) == 11
        assert "Téléphonie" in {campaign.name for campaign in case.campaigns}
        assert case.first_day == date(2013, 1, 14)
        assert labour_pack("MA").require("MA-DAY-MAX", case.first_day).hard
        assert sum(past.volume.sum() for past in histories.values()) > 5_400_000


def test_a_plan_that_touches_ramadan_has_shifts_for_it(tmp_path: Path) -> None:
    tidy().to_csv(tmp_path / "calls.csv", index=False)
    from_history(tmp_path / "calls.csv", tmp_path / "case", agents=10, partners=1, queues=2, first_day=date(2026, 2, 9))

    case, _ = read_case(tmp_path / "case")
    evening = case.pattern_by_id["ramadan_7h"]
    # The sun sets from 18:14 to 18:29 in Rabat: whoever is there from 18:30 to 19:00 can break the fast in time.
    assert (evening.earliest_start, evening.latest_start, evening.presence_minutes) == (time(12), time(16), 420)
    assert {pattern.season for pattern in case.shift_patterns} == {Season.RAMADAN, Season.OUTSIDE_RAMADAN}


def test_a_queue_of_a_short_day_still_makes_a_case(tmp_path: Path) -> None:
    ds = pd.date_range("2025-01-06", periods=48 * 70, freq="30min")
    y = np.where((ds.day_of_week < 5) & (ds.hour == 22), 9, 0)
    pd.DataFrame({"series": "idle", "ds": ds, "y": y}).to_parquet(tmp_path / "calls.parquet")
    from_history(tmp_path / "calls.parquet", tmp_path / "case", agents=2, partners=0)

    case, _ = read_case(tmp_path / "case")
    assert [(campaign.id, campaign.name) for campaign in case.campaigns] == [("idle_2", "idle")]
    assert {(hours.opens.hour, hours.closes.hour) for hours in case.opening_hours} == {(22, 23)}
    assert case.partners == ()
