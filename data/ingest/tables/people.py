"""Who works in the own centre."""

from __future__ import annotations

from data.ingest.tables.column import CURRENCY, Table, column

CONTRACTS = Table(
    "contracts",
    "Working-time terms.",
    (
        column("contract", "id", "Key", example="full_time"),
        column(
            "week_hours", "number", "Hours paid and owed per week", unit="hours", minimum=1, maximum=168, example="44"
        ),
        column(
            "days_per_week",
            "int",
            "Working days that the week's hours stand for; a day of leave credits week_hours / days",
            minimum=1,
            maximum=6,
            example="5",
        ),
        column(
            "max_overtime_hours_week",
            "number",
            "Most overtime per week",
            unit="hours",
            minimum=0,
            maximum=20,
            example="4",
        ),
        column(
            "regime",
            "choice",
            "weekly: overtime beyond the contract's week; annual: beyond the law's day and year; empty: weekly",
            required=False,
            choices=("weekly", "annual"),
        ),
    ),
    ("contract",),
)
AGENTS = Table(
    "agents",
    "Own agents, pseudonymous: no names, phones or e-mail addresses.",
    (
        column("agent", "id", "Key", example="A001"),
        column("site", "id", "Site", ref="sites", example="rabat"),
        column("contract", "id", "Contract", ref="contracts", example="full_time"),
        column(
            "hourly_cost",
            "money",
            "Loaded cost per paid hour; empty: the wage and the employer's contributions",
            required=False,
            minimum=0,
            maximum=1e6,
            example="52.73",
        ),
        column(
            "hourly_wage",
            "money",
            "Gross wage per hour; premiums are reckoned on it. Empty: on hourly_cost",
            required=False,
            minimum=0.01,
            maximum=1e6,
            example="34.20",
        ),
        column("currency", "text", "Currency of the two, ISO 4217", pattern=CURRENCY, example="MAD"),
        column(
            "days_worked_before",
            "int",
            "Consecutive days worked up to the eve of the plan",
            minimum=0,
            maximum=31,
            example="0",
        ),
        column(
            "last_shift_end",
            "datetime",
            "End of the last shift before the plan; with offset or Z, or wall time of the site",
            required=False,
        ),
        column(
            "overtime_hours_before",
            "number",
            "Overtime worked before the plan in the calendar year of first_day; empty: 0",
            required=False,
            unit="hours",
            minimum=0,
            maximum=4000,
        ),
        column(
            "year_hours_before",
            "number",
            "All hours that count towards that year before the plan, days of leave included (annual regime); empty: 0",
            required=False,
            unit="hours",
            minimum=0,
            maximum=4000,
        ),
        column("adult_from", "date", "Day of the 18th birthday of a minor; empty: of age", required=False),
    ),
    ("agent",),
)
SKILLS = Table(
    "skills",
    "What agents can do.",
    (
        column("agent", "id", "Agent", ref="agents", example="A001"),
        column("skill", "id", "Skill, as in campaigns", example="life"),
        column("level", "int", "Level", minimum=1, maximum=5, example="2"),
    ),
    ("agent", "skill"),
)
ABSENCES = Table(
    "absences",
    "Leave and part-day unavailability. Rows of one agent do not overlap.",
    (
        column("agent", "id", "Agent", ref="agents", example="A001"),
        column(
            "start", "datetime", "First day (a date), or wall time of the site when part of a day", example="2026-12-21"
        ),
        column("end", "datetime", "Last day, included (a date), or wall time at which it ends", example="2026-12-24"),
        column(
            "kind",
            "choice",
            "No finer reason may be given",
            choices=("paid_leave", "unpaid_leave", "medical", "unavailable"),
            example="paid_leave",
        ),
    ),
    ("agent", "start"),
    required=False,
)
WISHES = Table(
    "wishes",
    "Preferences of agents for one day, at a price.",
    (
        column("agent", "id", "Agent", ref="agents", example="A001"),
        column("day", "date", "Day", example="2026-12-24"),
        column(
            "kind",
            "choice",
            "off: not at all; start_after / end_before: not outside `time`",
            choices=("off", "start_after", "end_before"),
            example="end_before",
        ),
        column("time", "time", "Wall time of the site; empty for off", required=False, example="17:00"),
        column("cost", "money", "Price of breaking it", minimum=0, maximum=1e6, example="15.00"),
        column("currency", "text", "Currency of that price, ISO 4217", pattern=CURRENCY, example="EUR"),
    ),
    ("agent", "day", "kind"),
    required=False,
)
