"""The folder of one plan: written whole or not at all, read back and checked."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from data.export.certificate import certificate_json
from data.export.derived import CERTIFICATE, compare_derived, derived_tables
from data.export.forecast import forecast_csv
from data.export.simulation import SIMULATION, compare_simulation
from wfm.case import Case
from wfm.check import check_plan
from wfm.demand import Forecast
from wfm.document import Document
from wfm.errors import PlanError
from wfm.plan import Plan
from wfm.requirement import Requirement
from wfm.violation import Violation

CASE, FORECAST, REQUIREMENT, PLAN = "case.json", "forecast.json", "requirement.json", "plan.json"
FORECAST_TABLE = "forecast.csv"
FILES = (
    CASE,
    FORECAST,
    REQUIREMENT,
    PLAN,
    FORECAST_TABLE,
    "requirement.csv",
    "roster.csv",
    "capacity_requests.csv",
    "compliance.csv",
    "advice.csv",
    CERTIFICATE,
    "report.html",
)
"""All files of a plan's folder, which may hold SIMULATION too. Whoever writes the report adds it after the rest."""

AnyDocument = TypeVar("AnyDocument", bound=Document)


def write_plan_folder(out: Path, case: Case, forecast: Forecast, requirement: Requirement, plan: Plan) -> None:
    """Write every file but the report into `out`, replacing a plan that is there.

    All files are written to a new folder beside `out`, which then takes its place, so that `out` holds the old plan or the
    new one and never a mixture. The JSON documents are canonical: their SHA-256 is their content hash.
    Raises PlanError when `out` holds anything that is no part of a plan, because replacing it would lose that.
    """
    out = out.resolve()
    refuse_foreign(out)
    texts = {
        CASE: case.canonical_json(),
        FORECAST: forecast.canonical_json(),
        REQUIREMENT: requirement.canonical_json(),
        PLAN: plan.canonical_json(),
        FORECAST_TABLE: forecast_csv(case, forecast),
        CERTIFICATE: certificate_json(plan),
        **derived_tables(case, requirement, plan),
    }
    token = secrets.token_hex(4)
    fresh, old = (out.with_name(f".{out.name}.{kind}-{token}") for kind in ("new", "old"))
    fresh.mkdir(parents=True)
    try:
        for name, text in texts.items():
            (fresh / name).write_text(text, encoding="utf-8", newline="\n")
        _swap(fresh, out, old)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        if out.exists():
            shutil.rmtree(old, ignore_errors=True)


def read_plan_folder(path: Path) -> tuple[Case, Requirement, Plan]:
    """Case, requirement and plan of a folder. Raises PlanError when one is missing, damaged or of another schema version."""
    if not path.is_dir():
        raise PlanError(f"{path}: no such folder. Give the folder that `wfm plan` wrote.")
    return _read(path / CASE, Case), _read(path / REQUIREMENT, Requirement), _read(path / PLAN, Plan)


def read_forecast(path: Path) -> Forecast:
    """The forecast that a folder's plan was made for, with all its distributions. Raises PlanError as `read_plan_folder`."""
    return _read(path / FORECAST, Forecast)


def check_folder(path: Path) -> list[Violation]:
    """Everything wrong with a plan's folder: what `wfm.check.check_plan` finds, and every file (the first rows of it) that
    says otherwise than the plan: the derived tables (roster.csv, capacity_requests.csv, requirement.csv, compliance.csv,
    advice.csv) and certificate.json. One that is missing is a fault too: a folder of an older version, which did not know
    the file, is no longer complete, and must be planned again. A simulation, if there is one, must be of this very plan.

    The forecast is no part of the plan and is not judged. A plan that breaks REFERENCE or REQUIREMENT cannot be written
    out, so its other files are not compared. Raises PlanError when case, requirement or plan cannot be read.
    """
    case, requirement, plan = read_plan_folder(path)
    found = check_plan(case, requirement, plan)
    if any(violation.rule in {"REFERENCE", "REQUIREMENT"} for violation in found):
        return found
    return found + compare_derived(path, case, requirement, plan) + compare_simulation(path, plan)


def refuse_foreign(out: Path) -> None:
    """Raise PlanError when `out` holds anything that is no part of a plan: ask before long work, not after it."""
    if not out.exists():
        return
    if not out.is_dir():
        raise PlanError(f"{out} is a file: a plan needs a folder. Give another path.")
    foreign = sorted(entry.name for entry in out.iterdir() if entry.name not in {*FILES, SIMULATION} or entry.is_dir())
    if foreign:
        raise PlanError(
            f"{out} holds files that are no part of a plan ({', '.join(foreign[:5])}), and writing a plan would replace "
            "them. Give a new or empty folder, or one that holds a plan."
        )


def _swap(fresh: Path, out: Path, old: Path) -> None:
    """Put `fresh` in the place of `out`; when that fails, what was there comes back."""
    if not out.exists():
        fresh.rename(out)
        return
    out.rename(old)
    try:
        fresh.rename(out)
    except OSError:
        old.rename(out)
        raise


def _read(file: Path, kind: type[AnyDocument]) -> AnyDocument:
    advice = "Plan again, or restore the folder from a copy."
    try:
        return kind.from_json(file.read_bytes())
    except FileNotFoundError:
        raise PlanError(f"{file} is missing, so the plan cannot be read. {advice}") from None
    except OSError as error:
        raise PlanError(f"{file} cannot be read: {error.strerror}. {advice}") from error
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        shown = "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'file'}: {fault['msg']}" for fault in faults[:3])
        more = f"; and {len(faults) - 3} more" if len(faults) > 3 else ""
        raise PlanError(f"{file} is damaged or of another version: {shown}{more}. {advice}") from error
