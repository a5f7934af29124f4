"""The sign of every activity in a roster: colour, letter and pattern."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.figures.style import colour
from api.figures.view import PlanView
from wfm.plan import IDLE, Segment

BREAK = "break"


@dataclass(frozen=True)
class ActivityKey:
    """`activity`: campaign id, IDLE, or BREAK for all breaks; `code` is the letter in the bar, "" for none."""

    activity: str
    name: str
    code: str
    colour: str
    pattern: str


def activity_keys(view: PlanView) -> list[ActivityKey]:
    """Campaigns in the order of the case, then breaks and free time."""
    campaigns = [
        ActivityKey(entry.id, entry.name, view.codes[entry.id], colour(index), "")
        for index, entry in enumerate(view.case.campaigns)
    ]
    return [
        *campaigns,
        ActivityKey(BREAK, "Break", "", "#ffffff", "/"),
        ActivityKey(IDLE, "Free for training", "", "#e4e4e4", "."),
    ]


def key_of(keys: Sequence[ActivityKey], part: Segment) -> ActivityKey:
    """The key of a segment's activity."""
    activity = part.activity if part.break_name is None else BREAK
    return next(key for key in keys if key.activity == activity)
