"""The plan itself, its money, sites, markets and holidays."""

from __future__ import annotations

from data.ingest.tables.column import COUNTRY, CURRENCY, ZONE, Table, column
from wfm.clock import PARIS, RABAT

PLAN = Table(
    "plan",
    "One row: what is planned.",
    (
        column("name", "text", "Name of the case", example="Rabat, December 2026"),
        column(
            "as_of",
            "date",
            "Day on which the plan is made; history ends before it, lead times count from it",
            example="2026-11-23",
        ),
        column("first_day", "date", "First day planned: a Monday, after as_of", example="2026-12-07"),
        column("days", "int", "Days planned: whole weeks, 7 to 84", unit="days", minimum=7, maximum=84, example="28"),
        column(
            "interval_minutes", "choice", "Length of an interval", unit="minutes", choices=("15", "30"), example="30"
        ),
        column("currency", "text", "Currency of the plan's bill, ISO 4217", pattern=CURRENCY, example="EUR"),
        column(
            "routing",
            "choice",
            "Pooled: idle agents also answer other inbound campaigns that they have the skill for, and fewer are planned for it; "
            "empty: rostered",
            required=False,
            choices=("rostered", "pooled"),
        ),
    ),
    ("name",),
)
EXCHANGE_RATES = Table(
    "exchange_rates",
    "Rates into the plan's currency; the latest valid on first_day is used.",
    (
        column("currency", "text", "Currency converted from, ISO 4217", pattern=CURRENCY, example="MAD"),
        column(
            "rate",
            "number",
            "Units of the plan's currency for one unit of this one",
            minimum=1e-9,
            maximum=1e6,
            example="0.093",
        ),
        column("valid_from", "date", "First day of validity", example="2026-01-01"),
    ),
    ("currency", "valid_from"),
    required=False,
)
SITES = Table(
    "sites",
    "Own centres. All share one time zone.",
    (
        column("site", "id", "Key", example="rabat"),
        column("name", "text", "Name shown", example="Rabat"),
        column("city", "text", "City", example="Rabat"),
        column("country", "text", "ISO 3166 alpha-2; its labour rules bind the rosters", pattern=COUNTRY, example="MA"),
        column("time_zone", "text", "IANA time zone", pattern=ZONE, example=RABAT),
        column(
            "unplanned_shrinkage",
            "share",
            "Share of rostered time lost to what the roster does not model (sickness, coaching); not leave, not breaks",
            example="0.12",
            maximum=0.9,
        ),
        column(
            "rest_weekday",
            "int",
            "ISO weekday, 1 Monday to 7 Sunday, on which all rest; empty: rest by rotation",
            required=False,
            minimum=1,
            maximum=7,
        ),
        column(
            "rest_day_work",
            "bool",
            "Authorised to work on that weekday and on public holidays; empty: no",
            required=False,
        ),
    ),
    ("site",),
)
MARKETS = Table(
    "markets",
    "Where customers live.",
    (
        column("market", "id", "Key", example="FR"),
        column("name", "text", "Name shown", example="France"),
        column(
            "country", "text", "ISO 3166 alpha-2; its holidays and calling law apply", pattern=COUNTRY, example="FR"
        ),
        column("time_zone", "text", "IANA time zone", pattern=ZONE, example=PARIS),
    ),
    ("market",),
)
HOLIDAYS = Table(
    "holidays",
    "What is known of holidays beyond the program's own calendars: a row moves, adds or cancels one.",
    (
        column("country", "text", "ISO 3166 alpha-2; that of a site or market", pattern=COUNTRY, example="MA"),
        column(
            "feast",
            "text",
            "Key of a feast that follows the moon (MA: fitr, adha, moharram, mawlid, and ramadan for the first day of "
            "fasting), or the name of a holiday to add",
            example="adha",
        ),
        column(
            "day",
            "date",
            "Its (first) day; of a feast, within 15 days of the day reckoned for it",
            example="2027-05-17",
        ),
        column(
            "status",
            "choice",
            "declared: announced; estimated: may come a day later; cancelled: not held, feasts only",
            choices=("declared", "estimated", "cancelled"),
            example="declared",
        ),
    ),
    ("country", "feast", "day"),
    required=False,
)
