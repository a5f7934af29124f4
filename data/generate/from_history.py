"""A case around a real contact history: its largest queues, learnt hours, and made-up agents and partners of fitting size."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from data.generate.absences import absences, wishes
from data.generate.case import MARKETS, exchange_rates, own_hours, plan_row
from data.generate.case_folder import Row, write_case
from data.generate.foreign import read_foreign
from data.generate.partners import PROFILES
from data.generate.people import SITES
from data.generate.queues import history_rows, largest_queues
from data.generate.shifts import CONTRACTS
from data.generate.supply import (
    CLOCK,
    EARLIEST,
    HOME,
    LATEST,
    day_work,
    own_patterns,
    partner_tables,
    people,
    site_week,
)
from wfm.clock import zone
from wfm.errors import CaseError, Problem

WEEKS = 4
NOTICE_DAYS = 14
"""From as_of to the first day planned at least, so that every partner's lead time is kept."""
AHT_SECONDS = 300.0
COUNTRY = "FR"


def from_history(
    history: Path,
    out: Path,
    *,
    agents: int,
    partners: int,
    seed: int = 0,
    queues: int = 11,
    first_day: date | None = None,
    aht_seconds: float = AHT_SECONDS,
) -> list[str]:
    """Write to `out` a case of four weeks around the tidy history `series, ds, y` (see `foreign.read_foreign`) of a French
    market, with its `queues` largest series as inbound campaigns to be answered 80 % within 20 s.

    The history ends the day before `as_of`; the plan starts on `first_day`, or else on the first Monday at least two weeks
    after as_of. Handling time is not in such histories and is assumed. Own agents get skills in proportion to the work by
    day; partners get seats for all that is left. Returns, and writes to `out/README.md`, what was assumed and dropped.
    Raises CaseError with all problems of the history or of the arguments.
    """
    _check(agents, partners, queues, first_day, aht_seconds)
    foreign = read_foreign(history)
    minutes = foreign.interval_minutes
    chosen = largest_queues(foreign, queues, COUNTRY)
    as_of = (foreign.rows["ds"].max() + timedelta(days=1)).date()
    monday = first_day or _monday_from(as_of + timedelta(days=NOTICE_DAYS))
    if monday <= as_of:
        reason = f"not after {as_of}, the day on which the plan is made"
        raise CaseError([Problem("arguments", None, "first_day", str(monday), reason, "Choose a later Monday.")])
    parts = [history_rows(queue, minutes, COUNTRY, zone(CLOCK), aht_seconds) for queue in chosen]
    rng = np.random.default_rng(seed)
    needed = site_week(chosen, aht_seconds, minutes, monday)
    staff, skills = people(agents, chosen, day_work(needed, minutes), monday, rng)
    away = absences(staff, monday, WEEKS, rng)
    own = own_hours(staff, away, WEEKS)
    required = WEEKS * float(needed.sum()) * minutes / 60.0
    shapes, breaks = own_patterns(needed, minutes, [monday + timedelta(days=offset) for offset in range(7 * WEEKS)])
    tables: dict[str, Sequence[Row]] = {
        "plan": [plan_row(f"{history.stem}, four weeks from {monday}", as_of, monday, WEEKS, minutes)],
        "exchange_rates": exchange_rates(monday),
        "sites": SITES,
        "markets": MARKETS,
        "campaigns": [queue.campaign() for queue in chosen],
        "opening_hours": [row for queue in chosen for row in queue.opening(minutes)],
        "contracts": CONTRACTS,
        "agents": staff,
        "skills": skills,
        "absences": away,
        "wishes": wishes(staff, away, monday, WEEKS, rng),
        "shift_patterns": shapes,
        "breaks": breaks,
        **partner_tables(partners, chosen, needed, max(required - own, 0.1 * required), minutes),
    }
    write_case(out, tables, pd.concat([rows for rows, _, _ in parts], ignore_index=True))
    contacts = float(sum(queue.rows["y"].sum() for queue in chosen))
    outside = sum(lost for _, _, lost in parts)
    names = ", ".join(queue.name for queue in chosen)
    notes = [
        f"Campaigns are the {len(chosen)} largest of {foreign.rows['series'].nunique()} series: {names}.",
        f"Handling time is not in the history: {aht_seconds:g} s is assumed everywhere, and every contact as handled.",
        f"Opening hours are learnt from the last year; {outside:.0f} of {contacts:.0f} contacts came outside and are left out.",
        f"{sum(dropped for _, dropped, _ in parts)} rows lay in an hour that a clock change skips or doubles and are dropped.",
        f"Own shifts lie between {EARLIEST // 60:02d}:00 and {LATEST // 60:02d}:00 of {HOME}; nights are left to partners.",
        f"About {required:.0f} productive hours are required, of which the own agents can work about {own:.0f}.",
        f"Agents, contracts, costs and partners are made up (seed {seed}).",
    ]
    text = f"# {history.stem}\n\nA case made around a contact history by `wfm case from-history`.\n\n"
    (out / "README.md").write_text(text + "".join(f"- {note}\n" for note in notes), encoding="utf-8")
    return notes


def _check(agents: int, partners: int, queues: int, first_day: date | None, aht_seconds: float) -> None:
    """Raise CaseError listing all unusable arguments."""
    wrong = [
        ("agents", agents, agents >= 1, "at least 1"),
        ("partners", partners, 0 <= partners <= len(PROFILES), f"0 to {len(PROFILES)}"),
        ("queues", queues, queues >= 1, "at least 1"),
        ("first_day", first_day, first_day is None or first_day.isoweekday() == 1, "a Monday"),
        ("aht_seconds", aht_seconds, 1 <= aht_seconds <= 36000, "1 to 36000 seconds"),
    ]
    problems = [
        Problem("arguments", None, name, str(value), "out of range", f"Give {rule}.")
        for name, value, fine, rule in wrong
        if not fine
    ]
    if problems:
        raise CaseError(problems)


def _monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)
