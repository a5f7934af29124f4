"""The Erlang formulas on rows of text, as tables of reference values are laid out."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from models.staffing.erlang import blocking, performance, required_agents, required_lines
from wfm.errors import WfmError

MODELS = ("erlang_b", "erlang_c", "erlang_a", "max_occupancy", "square_root_hw")
"""`square_root_hw` rows are Erlang C at the agents of a square-root rule, `max_occupancy` rows have no queue at all."""

_REMARK = re.compile(r"occupancy\D*(?:\d+,)?(0?\.\d+)")


@dataclass(frozen=True)
class ErlangRow:
    """One row. Times in seconds; None where the cell is empty."""

    NEEDED: ClassVar = (
        "model",
        "arrivals_per_interval",
        "interval_minutes",
        "aht_s",
        "target_sl",
        "target_s",
        "agents",
    )
    RESULTS: ClassVar = ("sl", "asa_s", "occupancy", "abandon", "required_agents")

    model: str
    load: float
    aht: float
    patience: float
    target_level: float | None
    target_seconds: float
    agents: int | None
    cap: float

    @classmethod
    def read(cls, cells: Mapping[str, str | None]) -> ErlangRow:
        """From named cells; raises WfmError that names the cell.

        The occupancy cap is column max_occupancy or, without it, the one that a remark in column source names (such as
        "max_occupancy 0.7"); else there is none.
        """
        model = (cells["model"] or "").strip()
        if model not in MODELS:
            raise WfmError(f"model is {model!r}, not one of {', '.join(MODELS)}.")
        aht = _positive(cells, "aht_s")
        minutes = _positive(cells, "interval_minutes")
        arrivals = _number(cells, "arrivals_per_interval")
        if arrivals is None or arrivals < 0:
            raise WfmError(f"arrivals_per_interval is {cells['arrivals_per_interval']!r}. Write a number of 0 or more.")
        agents = _number(cells, "agents")
        if agents is not None and (agents < 0 or agents != int(agents)):
            raise WfmError(f"agents is {cells['agents']!r}. Write a whole number of 0 or more, or nothing.")
        level = _number(cells, "target_sl")
        if level is not None and not 0 < level < 1:
            raise WfmError(f"target_sl is {level:g}. Write a share between 0 and 1, such as 0.8.")
        patience = _positive(cells, "patience_s") if model == "erlang_a" else math.inf
        remark = _REMARK.search(cells.get("source") or "")
        cap = _number(cells, "max_occupancy") or (float(remark[1]) if remark else 1.0)
        if not 0 < cap <= 1:
            raise WfmError(f"max_occupancy is {cap:g}. Write a share above 0 and at most 1.")
        seconds = _number(cells, "target_s") or 0.0
        # One rounding each: 1476 calls of 300 s an hour are 123 erlangs exactly.
        load = arrivals * aht / (60.0 * minutes)
        return cls(model, load, aht, patience, level, seconds, None if agents is None else int(agents), cap)

    @property
    def required(self) -> int | None:
        """Fewest agents that reach the target under the cap; Erlang B: that refuse at most 1 - target_sl.

        Without a target it is what the given agents reach, so they are the answer.
        """
        if self.model == "max_occupancy":
            return math.ceil(self.load / self.cap)
        if self.target_level is None:
            return self.agents
        if self.model == "erlang_b":
            return required_lines(self.load, 1 - self.target_level)
        found = required_agents(
            self.load,
            self.aht,
            self.target_level,
            self.target_seconds,
            patience_seconds=self.patience,
            max_occupancy=self.cap,
        )
        return int(found)


def evaluate(row: ErlangRow) -> dict[str, str]:
    """The RESULTS of a row as text of full precision, at its agents or, without them, at those required.

    A cell is empty where the model has no such figure: waits of Erlang B, and everything but occupancy of max_occupancy. The
    mean wait of an Erlang C queue without spare agents grows for ever and reads inf.
    """
    required = row.required
    agents = row.agents if row.agents is not None else required
    if agents is None or required is None:
        raise WfmError("neither agents nor target_sl is given. Fill in one of them.")
    figures: dict[str, float] = {}
    if row.model == "max_occupancy":
        figures["occupancy"] = min(1.0, row.load / agents) if agents else float(row.load > 0)
    elif row.model == "erlang_b":
        refused = blocking(agents, row.load)
        figures = {"abandon": refused, "occupancy": row.load * (1 - refused) / agents if agents else 1.0}
    else:
        found = performance(agents, row.load, row.aht, row.target_seconds, row.patience)
        figures = dict(zip(("sl", "asa_s", "abandon", "occupancy"), map(float, found), strict=True))
    written = {name: repr(figures[name]) if name in figures else "" for name in ErlangRow.RESULTS}
    return written | {"required_agents": str(required)}


def _number(cells: Mapping[str, str | None], name: str) -> float | None:
    text = (cells.get(name) or "").strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise WfmError(f"{name} is {text!r}. Write a number.") from None
    if not math.isfinite(value):
        raise WfmError(f"{name} is {text!r}. Write a finite number.")
    return value


def _positive(cells: Mapping[str, str | None], name: str) -> float:
    value = _number(cells, name)
    if value is None or value <= 0:
        raise WfmError(f"{name} is {cells.get(name)!r}. Write a number above 0.")
    return value
