"""A case whose cells are typed but whose tables have not been held against each other yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from data.ingest.history import HistoryPart, Instants, history_part
from data.ingest.parsed import ParsedTable, Row
from wfm.calendar import Calendar, CalendarChange, calendar
from wfm.clock import is_zone, zone


@dataclass(frozen=True)
class Draft:
    """The tables found. Every look-up answers None (or an empty collection) where a cell it needs is faulty, so that one
    fault is told once and not again by every rule that builds on it.
    """

    tables: dict[str, ParsedTable | None]

    def whole(self, name: str) -> bool:
        """Whether all rows of the table could be read, or it is optional and absent."""
        if name not in self.tables:
            return False
        table = self.tables[name]
        return table is None or table.whole

    def rows(self, name: str) -> list[Row]:
        table = self.tables.get(name)
        return [] if table is None else table.rows

    def by_key(self, name: str, key: str) -> dict[str, Row]:
        """Rows by a text column that identifies them."""
        return {row[key]: row for row in self.rows(name) if row.has(key)}

    def grouped(self, name: str, key: str) -> dict[str, list[Row]]:
        """Rows by a text column, in file order."""
        groups: dict[str, list[Row]] = {}
        for row in self.rows(name):
            if row.has(key):
                groups.setdefault(row[key], []).append(row)
        return groups

    @cached_property
    def plan(self) -> Row:
        """The plan's row; one without cells when there is none."""
        rows = self.rows("plan")
        return rows[0] if rows else Row("plan", 1, {}, {})

    @cached_property
    def interval(self) -> int | None:
        """Length of an interval, minutes."""
        text = self.plan.get("interval_minutes")
        return None if text is None else int(text)

    @cached_property
    def days(self) -> list[date]:
        """The local days planned."""
        if not self.plan.has("first_day", "days"):
            return []
        return [self.plan["first_day"] + timedelta(days=offset) for offset in range(self.plan["days"])]

    @cached_property
    def home_zone(self) -> ZoneInfo | None:
        """The clock of the own sites."""
        return next((tz for row in self.rows("sites") if (tz := zone_of(row))), None)

    @cached_property
    def calendar_changes(self) -> tuple[CalendarChange, ...]:
        """What the table holidays says, in file order."""
        rows = self.rows("holidays")
        return tuple(CalendarChange(**row.cells) for row in rows if row.has("country", "feast", "day", "status"))

    def calendar(self, country: str) -> Calendar:
        """Holidays of a country, the case's own changes included."""
        return calendar(country, self.calendar_changes)

    @cached_property
    def markets(self) -> dict[str, Row]:
        return self.by_key("markets", "market")

    @cached_property
    def campaigns(self) -> dict[str, Row]:
        return self.by_key("campaigns", "campaign")

    def market_of(self, campaign: Row) -> Row | None:
        return self.markets.get(campaign.get("market") or "")

    def market_zone(self, campaign: Row) -> ZoneInfo | None:
        """The clock of a campaign's customers."""
        market = self.market_of(campaign)
        return None if market is None else zone_of(market)

    @cached_property
    def history(self) -> list[HistoryPart]:
        """The history of every campaign whose market has a known clock."""
        table = self.tables.get("history")
        parts: list[HistoryPart] = []
        clocks: dict[ZoneInfo, Instants] = {}
        for campaign, row in self.campaigns.items():
            tz = self.market_zone(row)
            if table is not None and tz is not None:
                if tz not in clocks:
                    clocks[tz] = Instants.on_clock(table, tz)
                parts.append(history_part(table, campaign, row.get("channel"), tz, clocks[tz]))
        return parts

    @cached_property
    def rates(self) -> dict[str, Decimal]:
        """Worth of one unit of each currency in the plan's on first_day."""
        if not self.plan.has("currency", "first_day"):
            return {}
        rows = [row for row in self.rows("exchange_rates") if row.has("currency", "rate", "valid_from")]
        rows = [row for row in rows if row["valid_from"] <= self.plan["first_day"]]
        rows.sort(key=lambda row: row["valid_from"])
        rates = {row["currency"]: Decimal(str(row["rate"])) for row in rows}
        return rates | {self.plan["currency"]: Decimal(1)}

    def minor_units(self, amount: Decimal, currency: str) -> int:
        """An amount in hundredths of the plan's currency, rounded half up after conversion."""
        return int((amount * self.rates[currency] * 100).quantize(Decimal(1), ROUND_HALF_UP))


def zone_of(row: Row) -> ZoneInfo | None:
    """The zone that a row's `time_zone` names, None when it names none."""
    name = row.get("time_zone")
    return zone(name) if name is not None and is_zone(name) else None
