"""An empty case to fill in: one CSV file per table, explained in comments."""

from __future__ import annotations

from pathlib import Path

from data.ingest.tables import TABLES, Column, Table
from wfm.errors import WfmError


def write_template(directory: Path) -> None:
    """Write `<table>.csv` for every table: comments and the header. Raises WfmError, before writing anything, when a file
    would be overwritten.
    """
    files = {directory / f"{table.name}.csv": table for table in TABLES}
    for path in files:
        if path.exists():
            raise WfmError(
                f"{path.name} exists already in {directory}. Choose an empty folder: nothing is overwritten."
            )
    directory.mkdir(parents=True, exist_ok=True)
    for path, table in files.items():
        path.write_text(template_text(table), encoding="utf-8", newline="\n")


def template_text(table: Table) -> str:
    """The comments and the header of one table."""
    need = "required" if table.required else "may be left without rows, or out"
    lines = [f"# {table.name} ({need}): {table.doc}", *(f"# {_line(column)}" for column in table.columns)]
    lines.append(",".join(column.name for column in table.columns))
    return "\n".join(lines) + "\n"


def _line(column: Column) -> str:
    unit = f" ({column.unit})" if column.unit else ""
    choices = f" [{' | '.join(column.choices)}]" if column.choices else ""
    empty = "" if column.required else " May be empty."
    example = f" Example: {column.example}" if column.example else ""
    return f"{column.name}{unit}: {column.doc}{choices}.{empty}{example}"
