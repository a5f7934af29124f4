"""The forecast of a tidy history as one file: series, ds, mean and 13 quantiles, one row per series and interval."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from data.export.cells import text
from wfm.demand import QUANTILES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Rows = tuple[str, NDArray[np.datetime64], NDArray[np.float64], NDArray[np.float64]]
    """Series, wall time of each interval (n,), mean (n,), quantiles (13, n)."""

SPECIAL = frozenset(',"\r\n')
HEADER = ("series", "ds", "mean", *(f"q{level}" for level in QUANTILES))


def write_tidy_forecast(path: Path, made: Iterable[Rows]) -> None:
    """Write a parquet file, or else CSV (ds as in 2026-11-29 13:30:00), series by series as they come.

    Written beside and moved into place at the end, so that a run cut short leaves no half a forecast.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    try:
        (_write_parquet if path.suffix == ".parquet" else _write_csv)(beside, made)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _write_parquet(path: Path, made: Iterable[Rows]) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    arrow: Any = pa  # whose types say nothing
    writer: Any = parquet
    types = [arrow.string(), arrow.timestamp("us"), *[arrow.float64()] * (len(HEADER) - 2)]
    schema = arrow.schema(list(zip(HEADER, types, strict=True)))
    with writer.ParquetWriter(path, schema) as sink:
        for name, walls, mean, quantiles in made:
            ds = walls.astype("datetime64[us]")
            sink.write_table(arrow.table([np.repeat(name, len(walls)), ds, mean, *quantiles], schema=schema))


def _write_csv(path: Path, made: Iterable[Rows]) -> None:
    import pyarrow as pa
    from pyarrow import csv

    arrow: Any = pa
    writer: Any = csv
    with path.open("wb") as file:
        file.write((",".join(HEADER) + "\n").encode())
        for name, walls, mean, quantiles in made:
            told = text(name)
            ds = np.char.replace(np.datetime_as_string(walls, unit="s"), "T", " ")
            rows = arrow.table([np.repeat(told, len(walls)), ds, mean, *quantiles], names=list(HEADER))
            style = "needed" if SPECIAL.intersection(told) else "none"
            writer.write_csv(rows, file, writer.WriteOptions(include_header=False, quoting_style=style))
