"""Which country's holidays a history lives by, when nobody says: the one whose holidays were the odd days.

A holiday that was as usual speaks against a calendar, one that stands out speaks for it: per day the evidence is the log ratio
of the densities of its standardised miss with and without an effect of its own (variance EFFECT_VARIANCE). Only the history
itself is looked at, so a back-test at an origin knows no more than was known then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from models.forecast.calendar import Calendar
from models.forecast.kernels import smooth_ratio
from models.forecast.series import Days, DayTable, Floats, weekdays
from wfm.calendar import knows_country
from wfm.errors import WfmError

AUTO = "auto"
"""In place of a country: find out."""
CANDIDATES = (
    "FR", "AE", "AR", "AT", "AU", "BE", "BR", "CA", "CH", "CL", "CN", "CO", "CZ", "DE", "DK", "EG", "ES", "FI", "GB", "GR",
    "HU", "IE", "IL", "IN", "IT", "JP", "KR", "LU", "MA", "MX", "NL", "NO", "NZ", "PL", "PT", "RO", "SA", "SE", "SG", "TN",
    "TR", "US", "ZA",
)  # fmt: skip
EFFECT_VARIANCE = 9.0
LIMIT = 4.0
"""Standard deviations beyond which a day is not odder still: one storm must not make a country."""
SURE = 10.0
"""Evidence below which no country is taken: about 20,000 to 1, for there are many to choose from, and days are not normal."""
SHIFTS = 7 * np.array([*range(-12, 0), *range(1, 13)])
"""Weeks by which calendars are moved to see what chance alone, storms and outages included, would show."""
MOST_BY_CHANCE = 2
SHORTEST_DAYS = 56
LEVEL_WIDTH_DAYS, SHAPE_WIDTH_DAYS = 14.0, 42.0


def check_country(country: str | None) -> None:
    """Raises WfmError for a country of which no holidays are known; AUTO and None are none."""
    if country not in (None, AUTO) and not knows_country(str(country)):
        raise WfmError(
            f"No public holidays are known of country {country!r}: give its code of two capital letters (ISO 3166), such as FR "
            "or MA; auto to find out; or none."
        )


def find_countries(tables: Mapping[str, DayTable]) -> dict[str, str | None]:
    """Country of each series, None where no calendar fits. Files mostly hold one country, so each series' evidence counts
    together with that of the mean of all.
    """
    odd = {name: _odd_days(table) for name, table in tables.items()}
    known = {name: days for name, days in odd.items() if len(days[0])}
    if not known:
        return dict.fromkeys(tables)
    own = {name: _evidence(*days) for name, days in known.items()}
    everyone = _evidence(*_pooled(list(known.values()))) if len(known) > 1 else 0.0
    return {name: _surest(own.get(name, 0.0) + everyone) for name in tables}


def _surest(evidence: Floats | float) -> str | None:
    """The country that speaks loudest in row 0 (no shift), if that is loud, and hardly ever matched by calendars moved."""
    if isinstance(evidence, float):
        return None
    best = int(evidence[0].argmax())
    by_chance = int((evidence[1:].max(axis=1) >= evidence[0, best]).sum())
    return CANDIDATES[best] if evidence[0, best] > SURE and by_chance <= MOST_BY_CHANCE else None


def _odd_days(table: DayTable) -> tuple[Days, Floats]:
    """Days of weekdays usually worked, and by how many standard deviations each missed its local level x weekday; a day
    without a row counts as empty. Both shapes (n,).
    """
    nothing = np.empty(0, dtype="datetime64[D]"), np.empty(0)
    if len(table.y) < SHORTEST_DAYS:
        return nothing
    weekday = weekdays(table.days)
    y = np.nansum(table.y, axis=1)
    open_share = np.bincount(weekday, weights=y > 0, minlength=7) / np.bincount(weekday, minlength=7)
    worked = open_share[weekday] > 0.5
    if not worked.any():
        return nothing
    weight: Floats = worked.astype(np.float64)
    shape = np.ones(len(y))
    median = np.median(y[worked])
    # Empty and freak days must not pull the level they are held against.
    for _ in range(3):
        level = smooth_ratio(y, shape, weight, LEVEL_WIDTH_DAYS, 1)
        shape = smooth_ratio(y, level, weight, SHAPE_WIDTH_DAYS, 7)
        mean = np.maximum(level * shape, 0.5)
        miss = (y - mean) / mean
        spread = max(1.4826 * float(np.median(np.abs(miss[worked]))), 1e-3)
        freak = np.abs(miss) > 3 * spread + 3 / np.sqrt(max(median, 1.0))
        weight = np.where(worked, np.where(freak, 0.05, 1.0), 0.0)
    return table.days[worked], np.clip(miss[worked] / spread, -LIMIT, LIMIT)


def _pooled(odd: Sequence[tuple[Days, Floats]]) -> tuple[Days, Floats]:
    """Mean over the series of each day, brought back to unit spread."""
    days, where = np.unique(np.concatenate([days for days, _ in odd]), return_inverse=True)
    mean = np.bincount(where, weights=np.concatenate([miss for _, miss in odd])) / np.bincount(where)
    spread = max(1.4826 * float(np.median(np.abs(mean))), 1e-3)
    return days, np.clip(mean / spread, -LIMIT, LIMIT)


def _evidence(days: Days, miss: Floats) -> Floats:
    """Log Bayes factor of "holidays have effects of their own" against "they are days like any other", per shift of the
    calendar by SHIFTS and country. Shape (1 + shifts, countries).
    """
    first, last = days[0] - SHIFTS.max(), days[-1] + SHIFTS.max()
    masks = _holidays(int(first.astype(object).year), int(last.astype(object).year))
    start = np.datetime64(f"{first.astype(object).year}-01-01")
    gain = miss**2 / 2 * EFFECT_VARIANCE / (1 + EFFECT_VARIANCE) - np.log1p(EFFECT_VARIANCE) / 2
    where = (days - start).astype(np.int64)
    return np.array([masks[:, where + shift] @ gain for shift in [0, *SHIFTS]])


@cache
def _holidays(first_year: int, last_year: int) -> NDArray[np.bool_]:
    """Which days of these years are holidays in which country. Shape (countries, days)."""
    every = np.arange(np.datetime64(f"{first_year}-01-01"), np.datetime64(f"{last_year + 1}-01-01"))
    return np.array([[name is not None for name in Calendar(country).holidays(every)] for country in CANDIDATES])
