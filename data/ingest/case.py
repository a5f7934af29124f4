"""Reading a case: everything is checked before anything is believed, and all faults are told at once."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from data.ingest.build import build
from data.ingest.draft import Draft
from data.ingest.parsed import ParsedTable, parse_table
from data.ingest.problems import Problems
from data.ingest.rules import RULES
from data.ingest.rules.keys import check_keys, check_references
from data.ingest.sources import read_sheets
from data.ingest.tables import TABLES
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
    problems = Problems()
    sheets = read_sheets(path, problems)
    tables: dict[str, ParsedTable | None] = {}
    for table in TABLES:
        sheet = sheets.get(table.name)
        parsed = None if sheet is None else parse_table(table, sheet, problems)
        if parsed is not None or (not table.required and table.name not in sheets):
            tables[table.name] = parsed
    draft = Draft(tables)
    check_keys(draft, problems)
    check_references(draft, problems)
    for rule in RULES:
        if all(draft.whole(name) for name in rule.needs):
            rule.check(draft, problems)
    if problems:
        raise CaseError(problems.listed())
    return LoadedCase(*build(draft))
