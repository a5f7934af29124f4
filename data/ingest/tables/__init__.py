"""The case format, declared once: the reader, the template and `docs/data-contract.md` all come from these tables."""

from __future__ import annotations

from data.ingest.tables.campaigns import CAMPAIGNS, OPENING_HOURS
from data.ingest.tables.column import Column, Table
from data.ingest.tables.demand import EVENTS, HISTORY, LIST_BATCHES, OVERRIDES
from data.ingest.tables.partners import PARTNER_CAMPAIGNS, PARTNER_SHIFTS, PARTNER_TIERS, PARTNERS
from data.ingest.tables.people import ABSENCES, AGENTS, CONTRACTS, SKILLS, WISHES
from data.ingest.tables.plan import EXCHANGE_RATES, HOLIDAYS, MARKETS, PLAN, SITES
from data.ingest.tables.shifts import BREAKS, SHIFT_PATTERNS

__all__ = ["HISTORY", "TABLES", "TABLE_BY_NAME", "Column", "Table"]

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
