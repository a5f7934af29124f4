"""What partner centres sell."""

from __future__ import annotations

from data.ingest.tables.column import CURRENCY, ZONE, Table, column
from wfm.clock import RABAT

PARTNERS = Table(
    "partners",
    "Centres that sell capacity. Hours are productive hours.",
    (
        column("partner", "id", "Key", example="casa_atlas"),
        column("name", "text", "Name shown", example="Atlas Contact"),
        column("city", "text", "City", example="Casablanca"),
        column("time_zone", "text", "IANA time zone", pattern=ZONE, example=RABAT),
        column("seats", "int", "Seats there are", minimum=1, maximum=1e5, example="150"),
        column("current_seats", "int", "Seats in use for us at present", minimum=0, maximum=1e5, example="60"),
        column(
            "ramp_seats_per_week",
            "int",
            "Seats that can be added per week of the plan",
            minimum=0,
            maximum=1e5,
            example="10",
        ),
        column("block_seats", "int", "Seats per block: the unit of purchase", minimum=1, maximum=1e5, example="5"),
        column(
            "lead_time_days",
            "int",
            "No purchase earlier than as_of plus this",
            unit="days",
            minimum=0,
            maximum=365,
            example="14",
        ),
        column(
            "min_billed_hours",
            "number",
            "Billed at least, per plan",
            unit="hours",
            minimum=0,
            maximum=1e7,
            example="2000",
        ),
        column(
            "tier_mode",
            "choice",
            "incremental: each hour at its tier's price; all_units: all hours at the tier reached",
            choices=("incremental", "all_units"),
            example="incremental",
        ),
        column("currency", "text", "Currency of its prices, ISO 4217", pattern=CURRENCY, example="EUR"),
    ),
    ("partner",),
    required=False,
)
PARTNER_TIERS = Table(
    "partner_tiers",
    "Prices. The first tier of a partner starts at 0 hours.",
    (
        column("partner", "id", "Partner", ref="partners", example="casa_atlas"),
        column(
            "from_hours",
            "number",
            "Tier starts at this many productive hours per plan",
            unit="hours",
            minimum=0,
            example="0",
            maximum=1e7,
        ),
        column("price_per_hour", "money", "Price per productive hour", minimum=0, maximum=1e6, example="12.50"),
    ),
    ("partner", "from_hours"),
    required=False,
)
PARTNER_CAMPAIGNS = Table(
    "partner_campaigns",
    "Which campaigns a partner is certified for.",
    (
        column("partner", "id", "Partner", ref="partners", example="casa_atlas"),
        column("campaign", "id", "Campaign", ref="campaigns", example="service_life"),
        column(
            "productivity",
            "number",
            "Work of one seat relative to an in-house agent",
            minimum=0.1,
            maximum=2,
            example="0.9",
        ),
    ),
    ("partner", "campaign"),
    required=False,
)
PARTNER_SHIFTS = Table(
    "partner_shifts",
    "Daily windows in which a partner sells blocks.",
    (
        column("partner", "id", "Partner", ref="partners", example="casa_atlas"),
        column("shift", "id", "Key within the partner", example="morning"),
        column("start", "time", "Start, wall time of the partner", example="08:00"),
        column(
            "end", "time", "End; 00:00 or 24:00 is midnight at the end of the day", end_of_day=True, example="12:00"
        ),
        column("weekdays", "list", "ISO weekdays sold", example="1-5"),
    ),
    ("partner", "shift"),
    required=False,
)
