"""The catalogue of an insurer's campaigns from which synthetic cases draw, and how their demand behaves.

Figures are typical of the trade (reach, attempts, handling times, occupancy, 80/20), not those of any company.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

Span = tuple[str, str, str]
"""Weekdays, opens, closes, as in the opening_hours table."""

WEEKDAYS_8_20: Span = ("1-5", "08:00", "20:00")
SATURDAY: Span = ("6", "09:00", "13:00")
CALLING_DAY: Span = ("1-5", "10:00", "20:00")
HISTORY_WEEKS = 104
"""Two years, so that every season is seen twice."""


@dataclass(frozen=True)
class Line:
    """One campaign. `load` is its weight in all required hours; `aht` in seconds drifts by `aht_drift` a year; `trend` is
    the growth of volume a year; `season` the size of the yearly swing; `day_cv` the day-level noise (coefficient of
    variation); `history_weeks` how long before the plan is made its history starts.
    """

    id: str
    name: str
    channel: str
    skill: str
    load: float
    aht: float
    opening: tuple[Span, ...]
    stage: str = "industrialised"
    legal_basis: str | None = None
    min_level: int = 1
    open_on_holidays: bool = False
    shortage: float = 45.0
    min_inhouse_share: float = 0.0
    min_partner_share: float = 0.0
    aht_drift: float = 0.02
    trend: float = 0.03
    season: float = 0.08
    day_cv: float = 0.07
    deadline_hours: float | None = None
    history_weeks: int = HISTORY_WEEKS


MAX_OCCUPANCY = 0.85
REACH = 0.18
"""Right-party contacts per attempt."""
ATTEMPT_SECONDS = 45.0
MAX_ATTEMPTS = 4
SERVICE = {"service_level": 0.80, "service_seconds": 20, "patience_seconds": 120}

HEALTH = Line(
    "service_health", "Service line, health", "inbound", "health", 0.22, 330, (WEEKDAYS_8_20, SATURDAY),
    shortage=50, min_partner_share=0.1, season=0.12,
)  # fmt: skip
PROTECTION = Line(
    "service_protection", "Service line, prévoyance", "inbound", "protection", 0.12, 390, (WEEKDAYS_8_20,), shortage=48
)
LIFE = Line(
    "service_life", "Service line, life and savings", "inbound", "life", 0.11, 420, (("1-5", "08:30", "19:00"),),
    trend=-0.02, season=0.06,
)  # fmt: skip
CLAIMS = Line(
    "claims", "Claims and benefits", "inbound", "claims", 0.12, 450, (WEEKDAYS_8_20, SATURDAY), min_level=2,
    open_on_holidays=True, shortage=60, min_inhouse_share=0.4, trend=0.05,
)  # fmt: skip
BROKERS = Line(
    "service_brokers", "Brokers' line", "inbound", "brokers", 0.05, 360, (("1-5", "09:00", "18:00"),), stage="pilot",
    shortage=55,
)  # fmt: skip
GROUP = Line(
    "service_group", "Employers' line, group schemes", "inbound", "brokers", 0.06, 480, (("1-5", "08:30", "18:30"),),
    min_level=2, shortage=50,
)  # fmt: skip
CROSS_SELL = Line(
    "cross_sell", "Cross-sell, prévoyance for health customers", "outbound", "sales", 0.17, 420, (CALLING_DAY,),
    legal_basis="contract_related", shortage=42, min_partner_share=0.15, day_cv=0.15,
)  # fmt: skip
ANNIVERSARY = Line(
    "anniversary", "Anniversary calls", "outbound", "sales", 0.09, 300, (CALLING_DAY,), legal_basis="contract_related",
    shortage=40, day_cv=0.12, season=0.04,
)  # fmt: skip
NEW_PRODUCT = Line(
    "test_dental", "Test: dental cover", "outbound", "sales", 0.03, 480, (CALLING_DAY,), stage="test",
    legal_basis="consent", min_level=3, min_inhouse_share=1.0, shortage=50, day_cv=0.25, trend=0.2, season=0.0,
    history_weeks=29,
)  # fmt: skip
RETENTION = Line(
    "retention", "Retention calls", "outbound", "sales", 0.08, 540, (CALLING_DAY,), legal_basis="contract_related",
    shortage=55, min_inhouse_share=0.5, day_cv=0.15,
)  # fmt: skip
WELCOME = Line(
    "welcome", "Welcome calls", "outbound", "sales", 0.05, 300, (CALLING_DAY,), legal_basis="contract_related",
    shortage=40, day_cv=0.12,
)  # fmt: skip
EMAIL = Line(
    "email", "E-mail, all lines", "deferrable", "email", 0.13, 480, (WEEKDAYS_8_20,), shortage=40, day_cv=0.10,
    deadline_hours=24,
)  # fmt: skip

SMALL = (replace(HEALTH, load=0.34), CROSS_SELL, EMAIL)
MEDIUM = (HEALTH, PROTECTION, LIFE, CLAIMS, CROSS_SELL, ANNIVERSARY, NEW_PRODUCT, EMAIL)

EVENTS: tuple[tuple[str, str, tuple[str, ...], float], ...] = (
    # A contribution notice goes out every quarter: eight past ones to learn from and one inside the plan.
    (
        "service_health",
        "contribution notice",
        (
            "2024-12-09", "2025-03-10", "2025-06-10", "2025-09-08", "2025-12-08", "2026-03-09", "2026-06-08",
            "2026-09-07", "2026-12-07",
        ),
        0.28,
    ),
    (
        "service_life",
        "annual statement mailing",
        ("2025-01-13", "2025-07-07", "2026-01-12", "2026-07-06"),
        0.35,
    ),
    (
        "cross_sell",
        "campaign wave",
        (
            "2025-01-20", "2025-04-14", "2025-09-15", "2025-11-17", "2026-01-19", "2026-04-13", "2026-09-14",
            "2026-12-14",
        ),
        0.30,
    ),
)  # fmt: skip
"""Campaign, kind of event, Mondays (or first days) on which five days of it start, extra volume as a share."""
