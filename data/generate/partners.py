"""Partner centres and their terms, sized to what the own centre cannot do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from data.generate.case_folder import Row
from wfm.clock import RABAT

BLOCK_SEATS = 5
CURRENT_SHARE, RAMP_SHARE = 0.45, 0.1
"""Of a partner's seats: in use at present, and addable per week."""
Window = tuple[str, str, str, str]
"""Key, start, end, weekdays, as in the partner_shifts table."""

THREE_BLOCKS: tuple[Window, ...] = (
    ("morning", "07:00", "11:00", "1-5"),
    ("midday", "11:00", "15:00", "1-5"),
    ("evening", "15:00", "19:00", "1-5"),
)
SATURDAY: Window = ("saturday", "08:00", "12:00", "6")
TWO_BLOCKS: tuple[Window, ...] = (
    ("morning", "08:00", "12:00", "1-5"),
    ("afternoon", "13:00", "17:00", "1-5"),
    ("evening", "15:00", "19:00", "1-5"),
)


@dataclass(frozen=True)
class Profile:
    """`seats` are those of a partner beside 100 own agents; `refuses` are campaigns it is not certified for; `steps` the
    price of each tier relative to the first.
    """

    id: str
    city: str
    seats: int
    price: float
    productivity: float
    lead_time_days: int
    tier_mode: str
    steps: tuple[float, ...]
    windows: tuple[Window, ...]
    refuses: tuple[str, ...] = ()


PROFILES = (
    Profile("casablanca", "Casablanca", 150, 13.20, 0.92, 14, "incremental", (1.0, 0.95, 0.90), (*THREE_BLOCKS, SATURDAY)),
    Profile(
        "meknes", "Meknès", 80, 11.90, 0.86, 10, "all_units", (1.0, 0.96), TWO_BLOCKS,
        refuses=("claims", "service_life", "service_brokers", "service_group"),
    ),
    Profile(
        "mohammedia", "Mohammedia", 90, 12.60, 0.90, 14, "incremental", (1.0, 0.94), (*THREE_BLOCKS, SATURDAY),
        refuses=("claims", "anniversary", "retention"),
    ),
    Profile("rabat_partner", "Rabat", 80, 13.60, 0.95, 7, "incremental", (1.0, 0.97, 0.92), THREE_BLOCKS, refuses=("email",)),
    Profile("fes", "Fès", 70, 11.40, 0.85, 12, "incremental", (1.0, 0.95), TWO_BLOCKS, refuses=("claims", "service_group")),
    Profile(
        "tanger", "Tanger", 90, 12.90, 0.88, 14, "incremental", (1.0, 0.96, 0.92), (*THREE_BLOCKS, SATURDAY),
        refuses=("cross_sell", "welcome", "retention"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """What a case needs of its partners: `hours` productive hours per plan beyond the own centre's, seats in proportion to
    `scale` (1: beside 100 own agents), `campaigns` open to partners, `block_seats` the unit of purchase. Windows are as
    declared when customers' clocks are 60 minutes `ahead` of the partners'; else they move, to stay with the customers.
    """

    hours: float
    scale: float
    campaigns: Sequence[str]
    block_seats: int = BLOCK_SEATS
    ahead: int = 60


def partners(
    profiles: Sequence[Profile], offer: Offer, certified: Callable[[int, str], bool] = lambda _partner, _campaign: True
) -> dict[str, list[Row]]:
    """Rows of the four partner tables. Tiers and minimum billing are set around each partner's fair share of the hours, so
    that both matter: billed at least 40 % of it, cheaper from 70 % and 120 % of it on. `certified(index, campaign)`
    narrows what a profile does not refuse.
    """
    everything = sum(profile.seats for profile in profiles)
    tables: dict[str, list[Row]] = {"partners": [], "partner_tiers": [], "partner_campaigns": [], "partner_shifts": []}
    for index, profile in enumerate(profiles):
        seats = _blocks(profile.seats * offer.scale, offer.block_seats)
        fair = offer.hours * profile.seats / everything / profile.productivity
        tables["partners"].append(
            {
                "partner": profile.id,
                "name": f"Partner centre, {profile.city}",
                "city": profile.city,
                "time_zone": RABAT,
                "seats": seats,
                "current_seats": _blocks(CURRENT_SHARE * seats, offer.block_seats),
                "ramp_seats_per_week": _blocks(RAMP_SHARE * seats, offer.block_seats),
                "block_seats": offer.block_seats,
                "lead_time_days": profile.lead_time_days,
                "min_billed_hours": _tens(0.4 * fair),
                "tier_mode": profile.tier_mode,
                "currency": "EUR",
            }
        )
        for start, step in zip((0.0, 0.7, 1.2), profile.steps, strict=False):
            price = f"{profile.price * step:.2f}"
            tables["partner_tiers"].append(
                {"partner": profile.id, "from_hours": _tens(start * fair), "price_per_hour": price}
            )
        tables["partner_campaigns"] += [
            {"partner": profile.id, "campaign": campaign, "productivity": profile.productivity}
            for campaign in offer.campaigns
            if campaign not in profile.refuses and certified(index, campaign)
        ]
        tables["partner_shifts"] += [
            {
                "partner": profile.id,
                "shift": key,
                "start": _moved(start, offer),
                "end": _moved(end, offer),
                "weekdays": weekdays,
            }
            for key, start, end, weekdays in profile.windows
        ]
    return tables


def _blocks(seats: float, block: int) -> int:
    """Whole blocks, at least one."""
    return max(1, round(seats / block)) * block


def _tens(hours: float) -> int:
    return round(hours / 10.0) * 10


def _moved(wall: str, offer: Offer) -> str:
    """A wall time of a window on the day's clocks."""
    hour, minute = map(int, wall.split(":"))
    moved = (hour * 60 + minute + 60 - offer.ahead) % (24 * 60)
    return f"{moved // 60:02d}:{moved % 60:02d}"
