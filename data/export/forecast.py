"""forecast.csv: what is expected, one row per campaign and interval of the plan."""

from __future__ import annotations

from collections.abc import Iterator

from data.export.cells import local, table, text, utc
from wfm.case import Case
from wfm.clock import zone
from wfm.demand import QUANTILES, Forecast

HEADER = (
    "campaign",
    "start_local",
    "time_zone",
    "start_utc",
    "minutes",
    "mean",
    "aht_seconds",
    *(f"q{level}" for level in QUANTILES),
)


def forecast_csv(case: Case, forecast: Forecast) -> str:
    """The forecast as CSV: mean and quantiles (q0.9: nine times in ten no more than this) of contacts offered, or of records
    loaded for outbound. Local times are the market's.
    """
    return table(HEADER, _rows(case, forecast))


def _rows(case: Case, forecast: Forecast) -> Iterator[tuple[str, ...]]:
    grid = forecast.grid
    instants = [grid.instant(slot) for slot in range(grid.slots)]
    for entry in forecast.campaigns:
        market = case.market_by_id[case.campaign_by_id[entry.campaign].market]
        tz = zone(market.time_zone)
        for slot, instant in enumerate(instants):
            yield (
                text(entry.campaign),
                local(instant, tz),
                market.time_zone,
                utc(instant),
                str(grid.interval_minutes),
                str(entry.mean[slot]),
                str(entry.aht_seconds[slot]),
                *(str(quantile[slot]) for quantile in entry.quantiles),
            )
