"""The folder of a plan as one zip file. The same plan gives the same bytes."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

from data.export.plan_folder import write_plan_folder
from wfm.case import Case
from wfm.demand import Forecast
from wfm.plan import Plan
from wfm.requirement import Requirement

_WHEN = (1980, 1, 1, 0, 0, 0)
"""Zip files tell when each file was changed; the earliest moment they know says nothing."""


def plan_archive(case: Case, forecast: Forecast, requirement: Requirement, plan: Plan) -> bytes:
    """A zip of every file of `write_plan_folder`."""
    buffer = io.BytesIO()
    with tempfile.TemporaryDirectory() as scratch, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        folder = Path(scratch) / "plan"
        write_plan_folder(folder, case, forecast, requirement, plan)
        for path in sorted(folder.iterdir()):
            archive.writestr(zipfile.ZipInfo(path.name, _WHEN), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
