"""Who works when on what: one day of the roster, agents down, time across."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

import plotly.graph_objects as go

from api.figures.activity_key import ActivityKey, activity_keys, key_of
from api.figures.style import finish, menu
from api.figures.table import Table
from api.figures.text import day, plain
from api.figures.view import PlanView
from api.figures.walls import time_of_day
from wfm.plan import Segment, Shift

MS_PER_MINUTE = 60_000
ROW_PIXELS = 16
MOST_ROWS = 120
Data = dict[str, list[list[Any]]]


class Sheet(NamedTuple):
    """What the chart shows at once."""

    label: str
    shifts: list[Shift]


def figure(view: PlanView) -> go.Figure:
    """Opens on the day with the most agents; the menu chooses another. Agents stand in order of their start.

    Bars reach from wall time to wall time (see `WallAxis`: a clock change cannot fold them), on one neutral day (plotly.js
    counts its milliseconds from 1970-01-01), so that all days share one axis.
    """
    keys = activity_keys(view)
    sheets = _sheets(view)
    data = [_data(view, keys, sheet.shifts) for sheet in sheets]
    result = go.Figure([_trace(key) for key in keys])
    opens = _busiest(sheets)
    for index, trace in enumerate(result.data):
        if data:
            trace.update({name: values[index] for name, values in data[opens].items()})
    buttons = [_button(*pair, _range(view), len(keys)) for pair in zip(sheets, data, strict=True)]
    first = sheets[opens].shifts if sheets else []
    finish(
        result, "Roster of a day", menu_rows=1, height=_height(first), barmode="overlay", bargap=0.12,
        updatemenus=[menu(buttons, 0, above=26, active=opens)] if buttons else [],
    )  # fmt: skip
    clock = {
        "type": "date",
        "tickformat": "%H:%M",
        "range": _range(view),
        "ticks": "outside",
        "dtick": 60 * MS_PER_MINUTE,
    }
    result.update_xaxes(title=f"Time of day ({view.clock})", showgrid=True, gridcolor="#ccc", **clock)
    # The hours stand above the plot as well. plotly.js draws an axis only where a trace uses it.
    result.add_bar(x=[None], y=[None], xaxis="x2", showlegend=False, hoverinfo="skip")
    result.update_layout(xaxis2={"overlaying": "x", "side": "top", "matches": "x", "showgrid": False, **clock})
    result.update_yaxes(
        title="Agent", type="category", autorange="reversed", tickfont={"size": 10}, dtick=1,
        categoryorder="array", categoryarray=_agents(first),
    )  # fmt: skip
    return result


def table(view: PlanView) -> Table:
    """One row a shift; `roster.csv` of a plan has one a segment."""
    rows = []
    for value, shifts in _days(view).items():
        for shift in shifts:
            first, last = (time_of_day(view.walls.walls[slot]) for slot in (shift.first_slot, shift.last_slot))
            parts = "; ".join(f"{_hours(view, part)} {_activity(view, part)}" for part in shift.segments)
            length = (shift.last_slot - shift.first_slot) * view.plan.grid.interval_minutes / 60
            rows.append((value.isoformat(), shift.agent, first, last, length, parts))
    clock = view.clock
    return Table(
        ("Day", "Agent", f"Start ({clock})", f"End ({clock})", "Presence (h)", f"Activities ({clock})"), tuple(rows)
    )


def _days(view: PlanView) -> dict[date, list[Shift]]:
    """Shifts of every day worked, in order of their start."""
    days: dict[date, list[Shift]] = defaultdict(list)
    for shift in sorted(
        view.plan.shifts, key=lambda shift: (shift.day, shift.first_slot, shift.last_slot, shift.agent)
    ):
        days[shift.day].append(shift)
    return dict(days)


def _sheets(view: PlanView) -> list[Sheet]:
    """Every day worked, in parts of at most MOST_ROWS agents."""
    sheets = []
    for value, shifts in _days(view).items():
        for first in range(0, len(shifts), MOST_ROWS):
            part = shifts[first : first + MOST_ROWS]
            count = f"{len(shifts)} agents"
            if len(part) < len(shifts):
                count = f"{first + 1}–{first + len(part)} of {count}"
            sheets.append(Sheet(f"{day(value)} · {count}", part))
    return sheets


def _busiest(sheets: Sequence[Sheet]) -> int:
    """Place of the first sheet of the day with the most agents; the earliest of equal days."""
    agents: dict[date, int] = defaultdict(int)
    for sheet in sheets:
        agents[sheet.shifts[0].day] += len(sheet.shifts)
    return max(range(len(sheets)), key=lambda place: (agents[sheets[place].shifts[0].day], -place), default=0)


def _button(sheet: Sheet, data: Data, clock: list[int], traces: int) -> dict[str, Any]:
    """Shows a sheet. plotly.js forgets the types and ranges of axes when their data change, so they are said again."""
    layout = {
        "yaxis.categoryarray": _agents(sheet.shifts),
        "height": _height(sheet.shifts),
        "xaxis.type": "date",
        "xaxis.range": clock,
        "yaxis.type": "category",
        "yaxis.autorange": "reversed",
    }
    return {"label": sheet.label, "method": "update", "args": [data, layout, list(range(traces))]}


def _trace(key: ActivityKey) -> go.Bar:
    return go.Bar(
        name=plain(f"{key.code} · {key.name}" if key.code else key.name), orientation="h", text=key.code,
        textposition="inside", insidetextanchor="middle", textangle=0, textfont={"size": 10}, constraintext="none",
        marker={"color": key.colour, "line": {"color": "#ffffff" if key.code else "#555555", "width": 0.5},
                "pattern": {"shape": key.pattern, "fgcolor": "#777777", "solidity": 0.25, "size": 5}},
        hovertemplate="%{y}, %{customdata}<extra></extra>",
    )  # fmt: skip


def _data(view: PlanView, keys: Sequence[ActivityKey], shifts: Sequence[Shift]) -> Data:
    """y, base, x (length) and customdata, each with one list per activity."""
    place = {key: index for index, key in enumerate(keys)}
    data: Data = {name: [[] for _ in keys] for name in ("y", "base", "x", "customdata")}
    for shift in shifts:
        for part in shift.segments:
            index = place[key_of(keys, part)]
            data["y"][index].append(plain(shift.agent))
            start, end = _milliseconds(view, shift, part.first_slot), _milliseconds(view, shift, part.last_slot)
            data["base"][index].append(start)
            data["x"][index].append(end - start)
            data["customdata"][index].append(plain(f"{_hours(view, part)} {_activity(view, part)}"))
    return data


def _agents(shifts: Sequence[Shift]) -> list[str]:
    return [plain(shift.agent) for shift in shifts]


def _height(shifts: Sequence[Shift]) -> int:
    return max(260, 190 + ROW_PIXELS * len(shifts))


def _range(view: PlanView) -> list[int]:
    """From the earliest start to the latest end on any day, so that days can be compared."""
    starts = [_milliseconds(view, shift, shift.first_slot) for shift in view.plan.shifts]
    ends = [_milliseconds(view, shift, shift.last_slot) for shift in view.plan.shifts]
    return [min(starts), max(ends)] if starts else [0, 24 * 60 * MS_PER_MINUTE]


def _milliseconds(view: PlanView, shift: Shift, slot: int) -> int:
    """Place of a slot's start on the axis of the shift's day, counted from midnight."""
    return int((view.walls.places[slot] - datetime.combine(shift.day, time(0))) / timedelta(milliseconds=1))


def _hours(view: PlanView, part: Segment) -> str:
    return "–".join(time_of_day(view.walls.walls[slot]) for slot in (part.first_slot, part.last_slot))


def _activity(view: PlanView, part: Segment) -> str:
    """The activity in words."""
    campaign = view.case.campaign_by_id.get(part.activity)
    if campaign is not None:
        return campaign.name
    return "free for training" if part.break_name is None else f"break ({part.break_name})"
