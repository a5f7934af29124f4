"""Forecasting tidy histories of which nothing is known but their rows: opening hours and holidays are read off them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from models.engine.engine import LOCAL, Engine
from models.forecast.analogue import with_analogues
from models.forecast.calendar import Calendar
from models.forecast.country import AUTO, check_country, find_countries
from models.forecast.ensemble import Asked, SeriesForecast
from models.forecast.forecast import forecast_many
from models.forecast.opening import WEEKS, LearntOpening
from models.forecast.seeds import series_seed
from models.forecast.series import DayTable, Walls, by_series, interval_minutes
from wfm.progress import OnProgress, Stop, never, silent

if TYPE_CHECKING:
    import pandas as pd


ENDED = f"ENDED: no contact in the last {WEEKS} weeks, taken to be closed for good"


@dataclass(frozen=True, eq=False)
class TidyForecast:
    """`walls`: naive wall time of each interval of the horizon, ascending; `country`: whose holidays were used."""

    series: str
    walls: Walls
    country: str | None
    forecast: SeriesForecast


def forecast_tidy(
    history: pd.DataFrame,
    *,
    horizon_days: int,
    country: str | None = AUTO,
    seed: int = 0,
    workers: int = 1,
    engine: Engine = LOCAL,
    on_progress: OnProgress = silent,
    stop: Stop = never,
) -> Iterator[TidyForecast]:
    """Forecast every series of a history with columns `series`, `ds` (naive wall time of the interval's start) and `y`.

    The horizon begins the day after the last of the whole file, for a series that stopped early too, and has all intervals of
    its days, closed ones with 0. `country` as in `backtest`. Yields series by name; what comes depends neither on `workers`,
    nor on the `engine`, nor on the order of rows. Raises WfmError when the country is unknown, or when `stop` asked to stop.
    """
    check_country(country)
    read = _Read(history, horizon_days, country, seed)
    names = [str(name) for name in history["series"].dropna().unique()]
    for chunk in forecast_many(
        names, read.asked, seed=seed, workers=workers, engine=engine, on_progress=on_progress, stop=stop
    ):
        for name, made in sorted(chunk, key=lambda one: one[0]):
            known = read.batch[name]
            yield TidyForecast(name, known.walls, known.calendar.country, made)


class _Read:
    """A tidy history, read when the first series of it are wanted."""

    def __init__(self, history: pd.DataFrame, horizon_days: int, country: str | None, seed: int) -> None:
        self._history = history
        self._horizon_days = horizon_days
        self._country = country
        self._seed = seed

    def asked(self, names: Sequence[str]) -> list[Asked]:
        return [self.batch[name] for name in names]

    @cached_property
    def batch(self) -> dict[str, Asked]:
        end = self._history["ds"].max().to_datetime64().astype("datetime64[D]") + 1
        tables: dict[str, DayTable] = {}
        walls: dict[str, Walls] = {}
        for name, past, y in by_series(self._history):
            minutes = interval_minutes(past)
            tables[name] = DayTable.of(past, y, minutes).until(end)
            # Days may start at another hour than midnight.
            first = end.astype("datetime64[m]") + past[0].astype(np.int64) % minutes
            walls[name] = first + np.arange(self._horizon_days * 24 * 60 // minutes) * minutes
        countries = countries_of(tables, self._country)
        return {asked.name: asked for asked in tidy_batch(tables, walls, countries, self._seed)}


def countries_of(tables: Mapping[str, DayTable], country: str | None) -> dict[str, str | None]:
    """`country` for all, or, if that is AUTO, what each history shows."""
    return find_countries(tables) if country == AUTO else dict.fromkeys(tables, country)


def tidy_batch(
    tables: Mapping[str, DayTable], walls: Mapping[str, Walls], countries: Mapping[str, str | None], seed: int
) -> list[Asked]:
    """Series to forecast at their `walls`, with the opening hours of their last weeks."""
    full, notes = with_analogues(tables)
    batch = []
    for name, table in full.items():
        calendar = Calendar(countries[name])
        opening = LearntOpening.of(table, calendar)
        ended = "" if opening.slots.any() else ENDED
        asked = Asked(
            name,
            opening.clean(table),
            walls[name],
            opening.is_open(walls[name]),
            calendar,
            series_seed(seed, name),
            note="; ".join(filter(None, [notes.get(name, ""), ended])),
        )
        batch.append(asked)
    return batch
