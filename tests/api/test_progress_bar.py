"""Progress in the terminal."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from api.progress_bar import ProgressBar, describe
from wfm.progress import Progress


@pytest.mark.parametrize(
    ("cost", "bound", "told"),
    [
        (None, None, "searching"),
        (123_456_789, None, "cost 1 234 567.89 EUR"),
        (200_00, 150_00, "cost 200.00 EUR, proven at least 150.00 EUR: gap 50.00 EUR (25.00 %)"),
        (0, 0, "cost 0.00 EUR, proven at least 0.00 EUR: gap 0.00 EUR (0.00 %)"),
    ],
)
def test_the_gap_is_told_in_money(cost, bound, told):
    progress = Progress(stage="plan", fraction=0.5, message="searching", incumbent_cents=cost, bound_cents=bound)

    assert describe(progress, "EUR") == told


@pytest.mark.parametrize("terminal", [True, False])
def test_every_stage_is_shown(terminal):
    file = io.StringIO()
    with ProgressBar(Console(file=file, force_terminal=terminal, width=140), "EUR") as bar:
        bar(Progress(stage="forecast", fraction=1, message="[odd] message"))
        bar(Progress(stage="plan", fraction=0.5, message="", incumbent_cents=200_00, bound_cents=150_00))
        bar(Progress(stage="plan", fraction=1.01, message="", incumbent_cents=180_00, bound_cents=150_00))

    text = file.getvalue()
    assert "Forecast" in text
    assert "Rosters and purchases" in text
    assert ("gap 30.00 EUR" in text) == terminal
