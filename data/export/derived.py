"""The files of a plan's folder that only repeat, for people and other systems, what case, requirement and plan say."""

from __future__ import annotations

import csv
import io
import json
from itertools import zip_longest
from pathlib import Path

from data.export.advice import advice_csv
from data.export.capacity_requests import capacity_requests_csv
from data.export.certificate import certificate_dict
from data.export.compliance import compliance_csv
from data.export.requirement import requirement_csv
from data.export.roster import roster_csv
from wfm.case import Case
from wfm.plan import Plan
from wfm.requirement import Requirement
from wfm.violation import Violation

CODE = "EXPORT"
CERTIFICATE = "certificate.json"
SHOWN = 5
"""Differing rows of a file that are told; more of them say nothing new."""


def derived_tables(case: Case, requirement: Requirement, plan: Plan) -> dict[str, str]:
    """File name to text of every table that follows from case, requirement and plan."""
    return {
        "roster.csv": roster_csv(case, plan),
        "capacity_requests.csv": capacity_requests_csv(case, plan),
        "requirement.csv": requirement_csv(case, requirement),
        "compliance.csv": compliance_csv(case, requirement, plan),
        "advice.csv": advice_csv(case, requirement, plan),
    }


def compare_derived(path: Path, case: Case, requirement: Requirement, plan: Plan) -> list[Violation]:
    """What the derived files in the folder `path` say otherwise than the plan; rows are numbered as a spreadsheet does."""
    found = []
    for name, text in derived_tables(case, requirement, plan).items():
        found += _compare_table(path / name, text)
    return found + _compare_certificate(path / CERTIFICATE, plan)


def _breach(file: Path, where: str, found: str, limit: str) -> Violation:
    return Violation(rule=CODE, subject=file.name, where=where, found=found, limit=limit)


def _missing(file: Path) -> Violation:
    """Nothing vouches for a file that is not there; folders of older versions lack the tables that they did not know."""
    return _breach(file, "file", "missing", "in every plan's folder: plan again if an older version wrote this one")


def _compare_table(file: Path, expected: str) -> list[Violation]:
    try:
        rows = _parse(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return [_missing(file)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        return [_breach(file, "file", f"cannot be read: {error}", "a CSV file in UTF-8")]
    found = []
    for number, (row, wanted) in enumerate(zip_longest(rows, _parse(expected)), start=1):
        if row != wanted:
            found.append(_breach(file, f"row {number}", _show(row), _show(wanted)))
            if len(found) == SHOWN:
                break
    return found


def _parse(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text), strict=True))


def _show(row: list[str] | None) -> str:
    return "no row" if row is None else ",".join(row)


def _compare_certificate(file: Path, plan: Plan) -> list[Violation]:
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return [_missing(file)]
    except (OSError, ValueError) as error:
        return [_breach(file, "file", f"cannot be read: {error}", "a JSON file in UTF-8")]
    if not isinstance(stored, dict):
        return [_breach(file, "file", "no JSON object", "a JSON object")]
    expected = certificate_dict(plan)
    return [
        _breach(file, key, str(stored.get(key, "nothing")), str(expected.get(key, "nothing")))
        for key in {**expected, **stored}
        if stored.get(key, "nothing") != expected.get(key, "nothing")
    ]
