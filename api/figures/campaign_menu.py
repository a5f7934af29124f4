"""The choice of a campaign above a figure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from api.figures.style import menu
from api.figures.text import plain, shortened
from api.figures.view import PlanView
from wfm.campaign import Campaign

ALL = "All campaigns"
WIDEST = 30


def label(view: PlanView, campaign: Campaign) -> str:
    """A · Service line; short, because the longest label sets the width of the list, on a telephone too."""
    return plain(shortened(f"{view.codes[campaign.id]} · {campaign.name}", WIDEST))


def campaign_menu(
    view: PlanView, update: Callable[[Campaign | None], list[dict[str, Any]]], *, row: int, total: bool
) -> dict[str, Any]:
    """A drop-down list of campaigns. `update` gives the trace and layout changes that show one (None: all together)."""
    choices: list[Campaign | None] = [None] if total else []
    choices.extend(view.case.campaigns)
    return menu(
        [
            {"label": ALL if entry is None else label(view, entry), "method": "update", "args": update(entry)}
            for entry in choices
        ],
        row,
    )
