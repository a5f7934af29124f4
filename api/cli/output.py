"""What the command line prints where: results on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wfm.errors import CaseError, WfmError

if TYPE_CHECKING:
    from rich.console import Console

OK, REFUSED, USAGE, INTERRUPTED = 0, 1, 2, 130
"""Exit codes: all well; violations, a bad case or another refusal; wrong usage; Ctrl-C."""

AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON object on standard output, and nothing else there.")
]
CasePath = Annotated[
    Path, typer.Argument(metavar="CASE", help="Folder of CSV files, or .xlsx workbook, that holds the case.")
]


def console() -> Console:
    """Standard error as it is now."""
    from rich.console import Console

    return Console(stderr=True)


def say(text: str) -> None:
    """A remark for the person at the terminal."""
    print(text, file=sys.stderr)


def print_json(value: object) -> None:
    """The one JSON object of `--json`."""
    print(json.dumps(value, ensure_ascii=False, allow_nan=False))


def refuse(error: WfmError | OSError, *, as_json: bool) -> None:
    """Tell an error on purpose, or of the file system, without traceback."""
    say(f"wfm: {error}")
    if as_json:
        problems = [problem.to_dict() for problem in error.problems] if isinstance(error, CaseError) else []
        print_json({"status": "refused", "error": str(error), "problems": problems})


def write_text(out: Path | None, text: str) -> None:
    """To the file, or to standard output without one."""
    if out is None:
        sys.stdout.write(text)
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, encoding="utf-8", newline="\n")
    say(f"Written: {out}")
