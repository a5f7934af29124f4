"""Reading a case: everything is checked before anything is believed, and all faults are told at once."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from data.ingest.build import build
from data.ingest.draft import Draft
from data.ingest.history_table import history_table
from data.ingest.parsed import ParsedTable, parse_table
from data.ingest.problems import Problems
from data.ingest.rules import RULES
from data.ingest.rules.keys import check_keys, check_references
from data.ingest.source_tables import SourceTables, sheet, source_tables
from data.ingest.sources import read_sheets
from data.ingest.tables import HISTORY, TABLES
from wfm.case import Case
from wfm.errors import CaseError
from wfm.history import CampaignHistory


class LoadedCase(NamedTuple):
    """A case that passed every rule, with the contact history of each campaign by its id."""

    case: Case
    histories: dict[str, CampaignHistory]


def read_case(path: Path) -> LoadedCase:
    """The case in a folder of CSV files or an `.xlsx` workbook, laid out as `data.ingest.tables` says.

    Raises CaseError with all problems found.
    """
    return read_with_tables(path)[0]


def read_with_tables(path: Path) -> tuple[LoadedCase, SourceTables]:
    """`read_case`, and the tables that it was made from."""
    problems = Problems()
    sheets = read_sheets(path, problems)
    tables: dict[str, ParsedTable | None] = {}
    for table in TABLES:
        found = sheets.get(table.name)
        parsed = None if found is None else parse_table(table, found, problems)
        if parsed is not None or (not table.required and table.name not in sheets):
            tables[table.name] = parsed
    draft = Draft(tables)
    return _judged(draft, problems), source_tables(draft)


def read_changed(tables: SourceTables, before: LoadedCase) -> LoadedCase:
    """The case that changed tables make, with the history of the one before for the campaigns that both have.

    Raises CaseError with all problems found.
    """
    problems = Problems()
    parsed: dict[str, ParsedTable | None] = {}
    for table in TABLES:
        rows = tables.get(table.name, [])
        if table is HISTORY:
            campaigns = [row["campaign"] for row in tables["campaigns"] if "campaign" in row]
            parsed[table.name] = history_table(before.case, before.histories, campaigns)
        else:
            empty = not rows and not table.required
            parsed[table.name] = None if empty else parse_table(table, sheet(table.name, rows), problems)
    return _judged(Draft(parsed), problems)


def _judged(draft: Draft, problems: Problems) -> LoadedCase:
    check_keys(draft, problems)
    check_references(draft, problems)
    for rule in RULES:
        if all(draft.whole(name) for name in rule.needs):
            rule.check(draft, problems)
    if problems:
        raise CaseError(problems.listed())
    return LoadedCase(*build(draft))
