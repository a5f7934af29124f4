"""What any forecast has to beat: last week, the mean of four weeks, and Prophet as it comes out of the box."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.forecast.prophet_member import prophet_class
from models.forecast.series import DayTable, Floats, Walls, weekdays
from wfm.demand import QUANTILES

PROFILE_WEEKS = 8


def same_weekday_mean(table: DayTable, walls: Walls, weeks: int) -> Floats:
    """Mean of the slot on the last `weeks` same weekdays before the end of the table, where recorded; else 0. Shape (walls,).

    One week is the seasonal naive forecast.
    """
    rows = table.y[-7 * weeks :]
    weekday = weekdays(table.days)[-7 * weeks :]
    by_weekday = np.array([_mean(rows[weekday == day]) for day in range(7)])
    return np.asarray(by_weekday[_cells(table, walls)])


def stock_prophet(table: DayTable, walls: Walls, seed: int) -> tuple[Floats, Floats]:
    """`Prophet()` with every default on daily totals, times the weekday profile of the last 8 weeks; quantiles are those of
    the day's predictive samples times the same profile, all cut off at 0. Shapes (walls,) and (13, walls).
    """
    import pandas as pd

    recorded = table.recorded
    model = prophet_class()()
    model.fit(
        pd.DataFrame(
            {"ds": table.days[recorded].astype("datetime64[ns]"), "y": np.nansum(table.y[recorded], axis=1)},
        ),
        seed=seed,
    )
    days, owner = np.unique(walls.astype("datetime64[D]"), return_inverse=True)
    asked = pd.DataFrame({"ds": days.astype("datetime64[ns]")})
    np.random.seed(seed)  # noqa: NPY002 - Prophet draws its samples from the global generator
    samples = model.predictive_samples(asked)["yhat"]
    model.uncertainty_samples = 0
    mean = np.maximum(model.predict(asked)["yhat"].to_numpy(), 0.0)
    share = _weekday_shares(table)[_cells(table, walls)]
    bands = np.maximum(np.quantile(samples, QUANTILES, axis=1), 0.0)
    return mean[owner] * share, bands[:, owner] * share


def _weekday_shares(table: DayTable) -> Floats:
    rows = np.nan_to_num(table.y[-7 * PROFILE_WEEKS :])
    weekday = weekdays(table.days)[-7 * PROFILE_WEEKS :]
    sums = np.array([rows[weekday == day].sum(axis=0) for day in range(7)])
    totals = sums.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(sums, totals, out=np.zeros_like(sums), where=totals > 0))


def _mean(rows: Floats) -> Floats:
    seen = ~np.isnan(rows)
    count = seen.sum(axis=0)
    return np.asarray(
        np.divide(np.where(seen, rows, 0.0).sum(axis=0), count, out=np.zeros(rows.shape[1]), where=count > 0)
    )


def _cells(table: DayTable, walls: Walls) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row (weekday) and column (slot) of each wall time."""
    days = walls.astype("datetime64[D]")
    minutes = (walls - days).astype("timedelta64[m]").astype(np.int64)
    return weekdays(days), minutes // table.interval_minutes
