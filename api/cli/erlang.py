"""`wfm erlang`: the queueing formulas on a table of rows, apart from any case."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Annotated

import typer

from api.cli.output import write_text


def erlang(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="CSV with columns model (erlang_b, erlang_c, erlang_a or max_occupancy), arrivals_per_interval, "
            "interval_minutes, aht_s, patience_s, target_sl, target_s, agents and, if wanted, max_occupancy.",
        ),
    ],
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="CSV file to write; standard output without it.")
    ] = None,
) -> None:
    """Compute Erlang B, C and A.

    Every row comes back with sl (answered within target / offered), asa_s (mean wait of all offered), occupancy, abandon
    (Erlang B: blocking) and required_agents. docs/staffing.md has the definitions.
    """
    from models.staffing.erlang_rows import ErlangRow, evaluate
    from wfm.errors import WfmError

    text = file.read_text(encoding="utf-8-sig")
    reader = csv.DictReader(io.StringIO(text))
    names = list(reader.fieldnames or ())
    rows = list(reader)
    missing = [name for name in ErlangRow.NEEDED if name not in names]
    if missing:
        raise WfmError(f"{file} lacks column(s) {', '.join(missing)}. See wfm erlang --help for the layout.")
    found = []
    for number, row in enumerate(rows, start=2):
        try:
            found.append(row | evaluate(ErlangRow.read(row)))
        except WfmError as error:
            raise WfmError(f"{file}, line {number}: {error}") from None
    written = io.StringIO()
    extra = [name for name in ErlangRow.RESULTS if name not in names]
    writer = csv.DictWriter(written, [*names, *extra], lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    write_text(out, written.getvalue())
