"""The case format, declared once: the reader, the template and `docs/data-contract.md` all come from these tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wfm.clock import PARIS, RABAT

Kind = Literal[
    "text", "id", "int", "number", "money", "share", "date", "time", "datetime", "bool", "choice", "list", "dates"
]


@dataclass(frozen=True)
class Column:
    """One column: its type, unit and rule in words. `choices` for kind "choice"; `minimum`/`maximum` inclusive bounds.

    `ref` names the table whose key column the value must occur in. `pattern`: regular expression that text must match;
    `end_of_day`: a time that may be 24:00, midnight at the end of the day.
    """

    name: str
    kind: Kind
    doc: str
    required: bool = True
    unit: str = ""
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    ref: str | None = None
    example: str = ""
    pattern: str = ""
    end_of_day: bool = False


@dataclass(frozen=True)
class Table:
    """One file `<name>.csv` of a case folder, or one sheet of a case workbook. `key`: columns that make a row unique."""

    name: str
    doc: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    required: bool = True


def _c(name: str, kind: Kind, doc: str, **options: object) -> Column:
    return Column(name, kind, doc, **options)  # type: ignore[arg-type]


CURRENCY = "[A-Z]{3}"
COUNTRY = "[A-Z]{2}"
ZONE = "[A-Za-z][A-Za-z0-9_+/-]{0,63}"

PLAN = Table(
    "plan",
    "One row: what is planned.",
    (
        _c("name", "text", "Name of the case", example="Rabat, December 2026"),
        _c(
            "as_of",
            "date",
            "Day on which the plan is made; history ends before it, lead times count from it",
            example="2026-11-23",
        ),
        _c("first_day", "date", "First day planned: a Monday, after as_of", example="2026-12-07"),
        _c("days", "int", "Days planned: whole weeks, 7 to 84", unit="days", minimum=7, maximum=84, example="28"),
        _c("interval_minutes", "choice", "Length of an interval", unit="minutes", choices=("15", "30"), example="30"),
        _c("currency", "text", "Currency of the plan's bill, ISO 4217", pattern=CURRENCY, example="EUR"),
        _c(
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
        _c("currency", "text", "Currency converted from, ISO 4217", pattern=CURRENCY, example="MAD"),
        _c(
            "rate",
            "number",
            "Units of the plan's currency for one unit of this one",
            minimum=1e-9,
            maximum=1e6,
            example="0.093",
        ),
        _c("valid_from", "date", "First day of validity", example="2026-01-01"),
    ),
    ("currency", "valid_from"),
    required=False,
)
SITES = Table(
    "sites",
    "Own centres. All share one time zone.",
    (
        _c("site", "id", "Key", example="rabat"),
        _c("name", "text", "Name shown", example="Rabat"),
        _c("city", "text", "City", example="Rabat"),
        _c("country", "text", "ISO 3166 alpha-2; its labour rules bind the rosters", pattern=COUNTRY, example="MA"),
        _c("time_zone", "text", "IANA time zone", pattern=ZONE, example=RABAT),
        _c(
            "unplanned_shrinkage",
            "share",
            "Share of rostered time lost to what the roster does not model (sickness, coaching); not leave, not breaks",
            example="0.12",
            maximum=0.9,
        ),
        _c(
            "rest_weekday",
            "int",
            "ISO weekday, 1 Monday to 7 Sunday, on which all rest; empty: rest by rotation",
            required=False,
            minimum=1,
            maximum=7,
        ),
        _c(
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
        _c("market", "id", "Key", example="FR"),
        _c("name", "text", "Name shown", example="France"),
        _c("country", "text", "ISO 3166 alpha-2; its holidays and calling law apply", pattern=COUNTRY, example="FR"),
        _c("time_zone", "text", "IANA time zone", pattern=ZONE, example=PARIS),
    ),
    ("market",),
)
HOLIDAYS = Table(
    "holidays",
    "What is known of holidays beyond the program's own calendars: a row moves, adds or cancels one.",
    (
        _c("country", "text", "ISO 3166 alpha-2; that of a site or market", pattern=COUNTRY, example="MA"),
        _c(
            "feast",
            "text",
            "Key of a feast that follows the moon (MA: fitr, adha, moharram, mawlid, and ramadan for the first day of "
            "fasting), or the name of a holiday to add",
            example="adha",
        ),
        _c(
            "day",
            "date",
            "Its (first) day; of a feast, within 15 days of the day reckoned for it",
            example="2027-05-17",
        ),
        _c(
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
CAMPAIGNS = Table(
    "campaigns",
    "Queues, dialling lists and work baskets.",
    (
        _c("campaign", "id", "Key", example="service_life"),
        _c("name", "text", "Name shown", example="Service line, life"),
        _c("market", "id", "Market of its customers", ref="markets", example="FR"),
        _c("channel", "choice", "How work arrives", choices=("inbound", "outbound", "deferrable"), example="inbound"),
        _c(
            "stage",
            "choice",
            "A test is worked in-house only",
            choices=("test", "pilot", "industrialised"),
            example="industrialised",
        ),
        _c(
            "legal_basis",
            "choice",
            "Outbound only, and required there",
            required=False,
            choices=("consent", "contract_related", "opt_out"),
        ),
        _c("skill", "id", "Skill an agent needs", example="life"),
        _c("min_level", "int", "Lowest level of that skill", minimum=1, maximum=5, example="1"),
        _c("open_on_holidays", "bool", "Open on the market's public holidays; outbound never is", example="no"),
        _c(
            "max_occupancy",
            "number",
            "Largest share of productive time in contact",
            minimum=0.1,
            maximum=1,
            example="0.85",
        ),
        _c(
            "shortage_cost_per_hour",
            "money",
            "Price of one productive agent-hour missed",
            minimum=0,
            maximum=1e6,
            example="45.00",
        ),
        _c("currency", "text", "Currency of that price, ISO 4217", pattern=CURRENCY, example="EUR"),
        _c(
            "min_inhouse_share",
            "share",
            "At most (1 - this) x the required hours may be bought; 1 for a test",
            example="0",
        ),
        _c("min_partner_share", "share", "At least this x the required hours must be bought", example="0"),
        _c(
            "max_agents", "int", "Most agents and seats at once (dialler lines)", required=False, minimum=1, maximum=1e5
        ),
        _c(
            "service_level",
            "share",
            "Inbound: share of offered contacts to answer in time",
            required=False,
            example="0.80",
            minimum=0.01,
            maximum=0.999,
        ),
        _c(
            "service_seconds",
            "number",
            "Inbound: answered within",
            required=False,
            unit="seconds",
            minimum=0,
            example="20",
            maximum=86400,
        ),
        _c(
            "patience_seconds",
            "number",
            "Inbound: mean patience (Erlang A); empty: nobody hangs up (Erlang C)",
            required=False,
            unit="seconds",
            minimum=1,
            example="120",
            maximum=86400,
        ),
        _c(
            "met_on_days",
            "share",
            "Inbound: share of days on which the service level must be met; empty: it is met in expectation",
            required=False,
            minimum=0.5,
            maximum=0.99,
        ),
        _c(
            "target_period",
            "choice",
            "Inbound: over what the service level is met; empty: every interval. Over a day or a week no interval falls below 65 %",
            required=False,
            choices=("interval", "day", "week"),
        ),
        _c(
            "concurrency",
            "int",
            "Inbound: contacts that an agent handles at once (chat), with handling times as they are then; empty: 1",
            required=False,
            minimum=1,
            maximum=10,
        ),
        _c(
            "lost_contact_cost",
            "money",
            "Inbound with patience_seconds: price of one contact that hangs up, in the row's currency",
            required=False,
            minimum=0,
            maximum=1e6,
        ),
        _c(
            "deadline_hours",
            "number",
            "Deferrable: elapsed hours from arrival to deadline",
            required=False,
            unit="hours",
            minimum=0.5,
            maximum=2160,
        ),
        _c(
            "attempt_seconds",
            "number",
            "Outbound: mean time of an attempt that reaches nobody",
            required=False,
            unit="seconds",
            minimum=1,
            maximum=3600,
        ),
        _c(
            "max_attempts",
            "int",
            "Outbound: attempts per record; the law caps it",
            required=False,
            minimum=1,
            maximum=10,
        ),
        _c(
            "second_call_of",
            "id",
            "Outbound: the campaign whose contacts this one calls again, to sign",
            required=False,
            ref="campaigns",
        ),
        _c(
            "second_call_share",
            "share",
            "Share of those contacts called again",
            required=False,
            minimum=0.001,
        ),
        _c(
            "eligible_share",
            "share",
            "Outbound: share of the records loaded that may be called (consent or contract); empty: all",
            required=False,
            minimum=0.001,
        ),
        _c(
            "callback_of",
            "id",
            "Deferrable: the inbound campaign whose waiting callers this one calls back; its volume follows from their waits",
            required=False,
            ref="campaigns",
        ),
        _c(
            "callback_seconds",
            "number",
            "Wait after which a callback is offered",
            required=False,
            unit="seconds",
            minimum=0,
            maximum=86400,
        ),
        _c("callback_share", "share", "Share of those offered one who accept", required=False, minimum=0.001),
    ),
    ("campaign",),
)
OPENING_HOURS = Table(
    "opening_hours",
    "When campaigns are worked, in the market's wall time. A campaign may have several rows a day.",
    (
        _c("campaign", "id", "Campaign", ref="campaigns", example="service_life"),
        _c(
            "weekdays",
            "list",
            "ISO weekdays, 1 Monday to 7 Sunday; a range or a list separated by spaces",
            example="1-5",
        ),
        _c("opens", "time", "Opens", example="08:00"),
        _c(
            "closes",
            "time",
            "Closes; 00:00 or 24:00 is midnight at the end of the day",
            end_of_day=True,
            example="20:00",
        ),
    ),
    ("campaign", "weekdays", "opens"),
)
HISTORY = Table(
    "history",
    "Contacts per interval (`history.csv`, or compressed `history.csv.gz`). A closed interval has no row; an open, empty one has volume 0.",
    (
        _c("campaign", "id", "Campaign", ref="campaigns", example="service_life"),
        _c(
            "interval_start",
            "datetime",
            "ISO 8601; with offset or Z, or plain wall time of the market",
            example="2024-12-02T08:00+01:00",
        ),
        _c(
            "volume",
            "number",
            "Contacts offered; outbound: leave empty",
            required=False,
            unit="contacts",
            minimum=0,
            maximum=1e6,
            example="31",
        ),
        _c(
            "handled",
            "number",
            "Contacts handled",
            required=False,
            unit="contacts",
            minimum=0,
            maximum=1e6,
            example="29",
        ),
        _c(
            "aht_seconds",
            "number",
            "Mean handling time of those handled",
            required=False,
            unit="seconds",
            minimum=1,
            maximum=36000,
            example="372",
        ),
        _c(
            "records_loaded",
            "number",
            "Outbound: records loaded into the dialler",
            required=False,
            unit="records",
            minimum=0,
            maximum=1e7,
        ),
        _c("attempts", "number", "Outbound: calls dialled", required=False, unit="calls", minimum=0, maximum=1e7),
        _c(
            "contacts",
            "number",
            "Outbound: right-party contacts",
            required=False,
            unit="contacts",
            minimum=0,
            maximum=1e6,
        ),
    ),
    ("campaign", "interval_start"),
)
LIST_BATCHES = Table(
    "list_batches",
    "Lists of records to dial, by size alone. A campaign with rows here is worked off its lists and not by a forecast of what is loaded; give all its lists that may still be dialled.",
    (
        _c("campaign", "id", "Outbound campaign", ref="campaigns", example="renewal"),
        _c("batch", "id", "Key within the campaign", example="december"),
        _c("loaded_on", "date", "Day of loading, from which it may be dialled", example="2026-12-07"),
        _c("last_day", "date", "Last day of dialling; what is left then lapses", example="2026-12-24"),
        _c("records", "int", "Records loaded", unit="records", minimum=1, maximum=1e7, example="12000"),
        _c(
            "eligible",
            "int",
            "Of these, may be called (consent or contract); empty: all",
            required=False,
            unit="records",
            minimum=0,
            maximum=1e7,
        ),
        _c(
            "refused",
            "int",
            "Of the eligible, refused a call and rest as the law says; empty: none",
            required=False,
            unit="records",
            minimum=0,
            maximum=1e7,
        ),
        _c("refused_on", "date", "Day of the latest of those refusals", required=False),
        _c(
            "attempted_on",
            "dates",
            "Days of attempts made on each record before it was loaded, by all sites and partners",
            required=False,
        ),
    ),
    ("campaign", "batch"),
    required=False,
)
OVERRIDES = Table(
    "overrides",
    "The planner's hand: volumes in place of those forecast, in the order in which they apply. Quantiles follow.",
    (
        _c("campaign", "id", "Campaign", ref="campaigns", example="service_life"),
        _c("first_day", "date", "First day, of the market", example="2026-12-14"),
        _c("last_day", "date", "Last day", example="2026-12-14"),
        _c("from_time", "time", "From this wall time of the market on each day; empty: whole days", required=False),
        _c("to_time", "time", "Until this time; 24:00 is midnight", required=False, end_of_day=True),
        _c(
            "volume",
            "number",
            "Contacts, or records, in all of the span; or else percent",
            required=False,
            minimum=0,
            maximum=1e7,
        ),
        _c(
            "percent",
            "number",
            "Percent more than forecast; negative: less",
            required=False,
            unit="%",
            minimum=-100,
            maximum=1000,
        ),
        _c("author", "id", "Who decided, by a pseudonym", example="P01"),
        _c("reason", "text", "Why", example="mailing brought forward"),
    ),
    ("campaign", "first_day", "last_day", "from_time"),
    required=False,
)
EVENTS = Table(
    "events",
    "Dated reasons for unusual volume, past and planned.",
    (
        _c("campaign", "id", "Campaign; empty: all", required=False, ref="campaigns"),
        _c("name", "text", "The same name means the same kind of event", example="annual statement mailing"),
        _c("first_day", "date", "First day", example="2026-01-12"),
        _c("last_day", "date", "Last day", example="2026-01-16"),
    ),
    ("campaign", "name", "first_day"),
    required=False,
)
CONTRACTS = Table(
    "contracts",
    "Working-time terms.",
    (
        _c("contract", "id", "Key", example="full_time"),
        _c("week_hours", "number", "Hours paid and owed per week", unit="hours", minimum=1, maximum=168, example="44"),
        _c(
            "days_per_week",
            "int",
            "Working days that the week's hours stand for; a day of leave credits week_hours / days",
            minimum=1,
            maximum=6,
            example="5",
        ),
        _c(
            "max_overtime_hours_week",
            "number",
            "Most overtime per week",
            unit="hours",
            minimum=0,
            maximum=20,
            example="4",
        ),
        _c(
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
        _c("agent", "id", "Key", example="A001"),
        _c("site", "id", "Site", ref="sites", example="rabat"),
        _c("contract", "id", "Contract", ref="contracts", example="full_time"),
        _c(
            "hourly_cost",
            "money",
            "Loaded cost per paid hour; empty: the wage and the employer's contributions",
            required=False,
            minimum=0,
            maximum=1e6,
            example="52.73",
        ),
        _c(
            "hourly_wage",
            "money",
            "Gross wage per hour; premiums are reckoned on it. Empty: on hourly_cost",
            required=False,
            minimum=0.01,
            maximum=1e6,
            example="34.20",
        ),
        _c("currency", "text", "Currency of the two, ISO 4217", pattern=CURRENCY, example="MAD"),
        _c(
            "days_worked_before",
            "int",
            "Consecutive days worked up to the eve of the plan",
            minimum=0,
            maximum=31,
            example="0",
        ),
        _c(
            "last_shift_end",
            "datetime",
            "End of the last shift before the plan; with offset or Z, or wall time of the site",
            required=False,
        ),
        _c(
            "overtime_hours_before",
            "number",
            "Overtime worked before the plan in the calendar year of first_day; empty: 0",
            required=False,
            unit="hours",
            minimum=0,
            maximum=4000,
        ),
        _c(
            "year_hours_before",
            "number",
            "All hours that count towards that year before the plan, days of leave included (annual regime); empty: 0",
            required=False,
            unit="hours",
            minimum=0,
            maximum=4000,
        ),
        _c("adult_from", "date", "Day of the 18th birthday of a minor; empty: of age", required=False),
    ),
    ("agent",),
)
SKILLS = Table(
    "skills",
    "What agents can do.",
    (
        _c("agent", "id", "Agent", ref="agents", example="A001"),
        _c("skill", "id", "Skill, as in campaigns", example="life"),
        _c("level", "int", "Level", minimum=1, maximum=5, example="2"),
    ),
    ("agent", "skill"),
)
ABSENCES = Table(
    "absences",
    "Leave and part-day unavailability. Rows of one agent do not overlap.",
    (
        _c("agent", "id", "Agent", ref="agents", example="A001"),
        _c(
            "start", "datetime", "First day (a date), or wall time of the site when part of a day", example="2026-12-21"
        ),
        _c("end", "datetime", "Last day, included (a date), or wall time at which it ends", example="2026-12-24"),
        _c(
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
        _c("agent", "id", "Agent", ref="agents", example="A001"),
        _c("day", "date", "Day", example="2026-12-24"),
        _c(
            "kind",
            "choice",
            "off: not at all; start_after / end_before: not outside `time`",
            choices=("off", "start_after", "end_before"),
            example="end_before",
        ),
        _c("time", "time", "Wall time of the site; empty for off", required=False, example="17:00"),
        _c("cost", "money", "Price of breaking it", minimum=0, maximum=1e6, example="15.00"),
        _c("currency", "text", "Currency of that price, ISO 4217", pattern=CURRENCY, example="EUR"),
    ),
    ("agent", "day", "kind"),
    required=False,
)
SHIFT_PATTERNS = Table(
    "shift_patterns",
    "Families of shifts.",
    (
        _c("pattern", "id", "Key", example="day_9h"),
        _c("contract", "id", "Only for this contract; empty: for all", required=False, ref="contracts"),
        _c("earliest_start", "time", "First start, wall time of the site", example="07:00"),
        _c("latest_start", "time", "Last start", example="11:00"),
        _c(
            "step_minutes",
            "int",
            "Starts every so many minutes; a multiple of the interval",
            unit="minutes",
            minimum=15,
            maximum=240,
            example="30",
        ),
        _c(
            "presence_minutes",
            "int",
            "From start to end, breaks included; a multiple of the interval",
            unit="minutes",
            minimum=60,
            maximum=840,
            example="540",
        ),
        _c(
            "season",
            "choice",
            "When it may be used, by the day on which the shift starts; empty: all the year round",
            required=False,
            choices=("ramadan", "outside_ramadan"),
        ),
    ),
    ("pattern",),
)
BREAKS = Table(
    "breaks",
    "Breaks of shift patterns, in order of time; windows of one pattern do not overlap.",
    (
        _c("pattern", "id", "Pattern", ref="shift_patterns", example="day_9h"),
        _c("name", "id", "Name", example="lunch"),
        _c(
            "minutes",
            "int",
            "Length; a multiple of the interval",
            unit="minutes",
            minimum=15,
            maximum=180,
            example="60",
        ),
        _c("paid", "bool", "Paid, and so working time", example="no"),
        _c(
            "earliest_after",
            "int",
            "May start this long after the shift's start; empty or 0 for a break at sunset",
            required=False,
            unit="minutes",
            minimum=0,
            maximum=840,
            example="180",
        ),
        _c(
            "latest_after",
            "int",
            "Must have started by this long after it; empty or 0 for a break at sunset",
            required=False,
            unit="minutes",
            minimum=0,
            maximum=840,
            example="300",
        ),
        _c(
            "at_sunset",
            "bool",
            "Starts about sunset on days of fasting and falls away in other shifts; empty: no",
            required=False,
        ),
    ),
    ("pattern", "name"),
    required=False,
)
PARTNERS = Table(
    "partners",
    "Centres that sell capacity. Hours are productive hours.",
    (
        _c("partner", "id", "Key", example="casa_atlas"),
        _c("name", "text", "Name shown", example="Atlas Contact"),
        _c("city", "text", "City", example="Casablanca"),
        _c("time_zone", "text", "IANA time zone", pattern=ZONE, example=RABAT),
        _c("seats", "int", "Seats there are", minimum=1, maximum=1e5, example="150"),
        _c("current_seats", "int", "Seats in use for us at present", minimum=0, maximum=1e5, example="60"),
        _c(
            "ramp_seats_per_week",
            "int",
            "Seats that can be added per week of the plan",
            minimum=0,
            maximum=1e5,
            example="10",
        ),
        _c("block_seats", "int", "Seats per block: the unit of purchase", minimum=1, maximum=1e5, example="5"),
        _c(
            "lead_time_days",
            "int",
            "No purchase earlier than as_of plus this",
            unit="days",
            minimum=0,
            maximum=365,
            example="14",
        ),
        _c(
            "min_billed_hours",
            "number",
            "Billed at least, per plan",
            unit="hours",
            minimum=0,
            maximum=1e7,
            example="2000",
        ),
        _c(
            "tier_mode",
            "choice",
            "incremental: each hour at its tier's price; all_units: all hours at the tier reached",
            choices=("incremental", "all_units"),
            example="incremental",
        ),
        _c("currency", "text", "Currency of its prices, ISO 4217", pattern=CURRENCY, example="EUR"),
    ),
    ("partner",),
    required=False,
)
PARTNER_TIERS = Table(
    "partner_tiers",
    "Prices. The first tier of a partner starts at 0 hours.",
    (
        _c("partner", "id", "Partner", ref="partners", example="casa_atlas"),
        _c(
            "from_hours",
            "number",
            "Tier starts at this many productive hours per plan",
            unit="hours",
            minimum=0,
            example="0",
            maximum=1e7,
        ),
        _c("price_per_hour", "money", "Price per productive hour", minimum=0, maximum=1e6, example="12.50"),
    ),
    ("partner", "from_hours"),
    required=False,
)
PARTNER_CAMPAIGNS = Table(
    "partner_campaigns",
    "Which campaigns a partner is certified for.",
    (
        _c("partner", "id", "Partner", ref="partners", example="casa_atlas"),
        _c("campaign", "id", "Campaign", ref="campaigns", example="service_life"),
        _c(
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
        _c("partner", "id", "Partner", ref="partners", example="casa_atlas"),
        _c("shift", "id", "Key within the partner", example="morning"),
        _c("start", "time", "Start, wall time of the partner", example="08:00"),
        _c("end", "time", "End; 00:00 or 24:00 is midnight at the end of the day", end_of_day=True, example="12:00"),
        _c("weekdays", "list", "ISO weekdays sold", example="1-5"),
    ),
    ("partner", "shift"),
    required=False,
)

TABLES: tuple[Table, ...] = (
    PLAN,
    EXCHANGE_RATES,
    SITES,
    MARKETS,
    HOLIDAYS,
    CAMPAIGNS,
    OPENING_HOURS,
    HISTORY,
    LIST_BATCHES,
    OVERRIDES,
    EVENTS,
    CONTRACTS,
    AGENTS,
    SKILLS,
    ABSENCES,
    WISHES,
    SHIFT_PATTERNS,
    BREAKS,
    PARTNERS,
    PARTNER_TIERS,
    PARTNER_CAMPAIGNS,
    PARTNER_SHIFTS,
)
TABLE_BY_NAME = {table.name: table for table in TABLES}
