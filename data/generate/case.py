"""Seeded synthetic cases: an insurer's centre in Rabat that serves customers in France and buys the rest from partners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from data.generate import lines
from data.generate.absences import absences, leave_days, wishes
from data.generate.case_folder import Row, write_case
from data.generate.clocks import minutes_ahead
from data.generate.contact_history import draw
from data.generate.demand import expected, required_hours
from data.generate.fasting import iftar
from data.generate.lines import Line
from data.generate.partners import PROFILES, Offer, partners
from data.generate.people import SITES, SKILL_SETS, UNPLANNED_SHRINKAGE, agents, contract_hours
from data.generate.shifts import CONTRACTS, patterns
from data.ingest.cells import FIRST_YEAR, LAST_YEAR
from wfm.clock import PARIS
from wfm.errors import CaseError, Problem

Size = Literal["S", "M", "L", "XL"]

FIRST_DAY = date(2026, 12, 7)
NOTICE = timedelta(weeks=2)
"""From the day on which the plan is made to its first day."""
OWN_SHARE = 2.0 / 3.0
"""Part of the required productive hours that the own centre can work."""
MARKETS: tuple[Row, ...] = ({"market": "FR", "name": "France", "country": "FR", "time_zone": PARIS},)
MAD_IN_EUR = 0.093
OPEN = 8 * 60, 20 * 60
"""All lines lie between these minutes of the customers' day, and so do shifts, on whatever clock."""
LATE_START = 4 * 60
"""Long shifts start at most this long after the first."""


@dataclass(frozen=True)
class Shape:
    """How large a case is."""

    agents: int
    weeks: int
    lines: tuple[Line, ...]
    partners: int


SHAPES: dict[Size, Shape] = {
    "S": Shape(20, 1, lines.SMALL, 2),
    "M": Shape(100, 4, lines.MEDIUM, 4),
    "L": Shape(300, 4, (*lines.MEDIUM, lines.BROKERS, lines.RETENTION), 5),
    "XL": Shape(1000, 4, (*lines.MEDIUM, lines.BROKERS, lines.RETENTION, lines.GROUP, lines.WELCOME), 6),
}


def generate_case(size: Size, seed: int, out: Path, first_day: date = FIRST_DAY) -> None:
    """Write the case of that size and seed to the folder `out`, planned from `first_day` (a Monday) on: the same size, seed
    and day give the same bytes. It is made two weeks before, from two years of history.

    Raises CaseError when the day is no Monday, or so early or late that the format cannot write all dates.
    """
    _check(first_day)
    as_of = first_day - NOTICE
    shape = SHAPES[size]
    rng = np.random.default_rng(seed)
    known = {line.skill for line in shape.lines}
    sets = [(skills, weight) for skills, weight in SKILL_SETS if known.issuperset(skills)]
    people, skills = agents(shape.agents, sets, first_day, rng)
    away = absences(people, first_day, shape.weeks, rng)
    own = own_hours(people, away, shape.weeks)
    required = own / OWN_SHARE
    weight = sum(line.load for line in shape.lines)
    plan_days = [first_day + timedelta(days=offset) for offset in range(7 * shape.weeks)]
    origin = as_of - timedelta(weeks=lines.HISTORY_WEEKS)
    past = [origin + timedelta(days=offset) for offset in range((as_of - origin).days)]
    bases = [base_volume(line, plan_days, origin, required * line.load / weight) for line in shape.lines]
    history = pd.concat(
        [
            draw(line, base, past, (seed, 1 + index))
            for index, (line, base) in enumerate(zip(shape.lines, bases, strict=True))
        ],
        ignore_index=True,
    )
    open_to_partners = [line.id for line in shape.lines if line.stage != "test"]
    offer = Offer(
        hours=required - own,
        scale=shape.agents / 100.0,
        campaigns=open_to_partners,
        ahead=minutes_ahead(first_day),
    )
    # On Sundays no line is open, and clocks change.
    ahead = [minutes_ahead(day) for day in plan_days if day.isoweekday() < 7]
    opens, closes = OPEN[0] - max(ahead), OPEN[1] - min(ahead)
    shapes, breaks = patterns(opens, closes, 30, opens + LATE_START, iftar(SITES[0], plan_days))
    tables: dict[str, Sequence[Row]] = {
        "plan": [plan_row(f"Rabat, {first_day:%B %Y} (size {size}, seed {seed})", as_of, first_day, shape.weeks, 30)],
        "exchange_rates": exchange_rates(first_day),
        "sites": SITES,
        "markets": MARKETS,
        "campaigns": [_campaign(line) for line in shape.lines],
        "opening_hours": [
            {"campaign": line.id, "weekdays": weekdays, "opens": opens, "closes": closes}
            for line in shape.lines
            for weekdays, opens, closes in line.opening
        ],
        "events": _events(shape.lines),
        "contracts": CONTRACTS,
        "agents": people,
        "skills": skills,
        "absences": away,
        "wishes": wishes(people, away, first_day, shape.weeks, rng),
        "shift_patterns": shapes,
        "breaks": breaks,
        **partners(PROFILES[: shape.partners], offer),
    }
    write_case(out, tables, history)


def plan_row(name: str, as_of: date, first_day: date, weeks: int, interval_minutes: int) -> Row:
    """The one row of the plan table."""
    return {
        "name": name,
        "as_of": as_of,
        "first_day": first_day,
        "days": 7 * weeks,
        "interval_minutes": interval_minutes,
        "currency": "EUR",
    }


def exchange_rates(first_day: date) -> list[Row]:
    """The dirham in euros, valid from the new year before the plan."""
    return [{"currency": "MAD", "rate": MAD_IN_EUR, "valid_from": date(first_day.year, 1, 1)}]


def own_hours(people: Sequence[Row], away: Sequence[Row], weeks: int) -> float:
    """Productive hours of the own centre in the plan: contract hours less leave, less unplanned shrinkage."""
    days = leave_days(away)
    share = {str(contract["contract"]): float(str(contract["week_hours"])) for contract in CONTRACTS}
    leave = sum(days.get(str(person["agent"]), 0) * share[str(person["contract"])] / 5.0 for person in people)
    return (contract_hours(people) * weeks - leave) * (1.0 - UNPLANNED_SHRINKAGE)


def base_volume(line: Line, days: list[date], origin: date, hours: float) -> float:
    """Volume of an ordinary open day at `origin` with which the expected demand of `days` needs that many productive hours."""
    unit = expected(line, days, origin)
    low, high = 0.0, 1.0
    while required_hours(line, high * unit) < hours:
        high *= 2.0
    for _ in range(40):
        middle = (low + high) / 2.0
        low, high = (middle, high) if required_hours(line, middle * unit) < hours else (low, middle)
    # Four digits, so that the last bit of a processor's exp() cannot change a drawn history.
    return float(f"{low:.4g}")


def _check(first_day: date) -> None:
    """Raise CaseError unless a case can be planned from that day on."""
    mend = ""
    if first_day.isoweekday() != 1:
        mend = "Give a Monday, such as 2026-12-07."
    elif not FIRST_YEAR + 3 <= first_day.year < LAST_YEAR:
        mend = f"Give a day of the years {FIRST_YEAR + 3} to {LAST_YEAR - 1}."
    if mend:
        raise CaseError([Problem("arguments", None, "first_day", str(first_day), "no case can start then", mend)])


def _campaign(line: Line) -> Row:
    """Its row of the campaigns table."""
    row: dict[str, object] = {
        "campaign": line.id,
        "name": line.name,
        "market": "FR",
        "channel": line.channel,
        "stage": line.stage,
        "legal_basis": line.legal_basis,
        "skill": line.skill,
        "min_level": line.min_level,
        "open_on_holidays": line.open_on_holidays,
        "max_occupancy": lines.MAX_OCCUPANCY,
        "shortage_cost_per_hour": f"{line.shortage:.2f}",
        "currency": "EUR",
        "min_inhouse_share": line.min_inhouse_share,
        "min_partner_share": line.min_partner_share,
        "deadline_hours": line.deadline_hours,
    }
    if line.channel == "inbound":
        row |= lines.SERVICE
    if line.channel == "outbound":
        row |= {"attempt_seconds": lines.ATTEMPT_SECONDS, "max_attempts": lines.MAX_ATTEMPTS}
    return row


def _events(chosen: Sequence[Line]) -> list[Row]:
    """Dated events of the chosen lines, past and planned, up to the end of the year planned."""
    known = {line.id for line in chosen}
    return [
        {
            "campaign": campaign,
            "name": name,
            "first_day": start,
            "last_day": date.fromisoformat(start) + timedelta(days=4),
        }
        for campaign, name, starts, _ in lines.EVENTS
        if campaign in known
        for start in starts
    ]
