"""Figures of the accuracy page: each draws one campaign, and gives the same as a table."""

from __future__ import annotations

from api.figures.accuracy import calibration, fan, hours, members, weights

FIGURES = {
    "fan": (fan.figure, fan.table),
    "weights": (weights.figure, weights.table),
    "members": (members.figure, members.table),
    "calibration": (calibration.figure, calibration.table),
    "hours": (hours.figure, hours.table),
}
"""Name to what draws and what tabulates, in the order of the page."""

__all__ = ["FIGURES"]
