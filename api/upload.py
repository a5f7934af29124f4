"""Uploaded cases: a zip of CSV files or one workbook, as a form field `file` or as the bare body."""

from __future__ import annotations

import io
import shutil
import stat
import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from starlette.datastructures import UploadFile
from starlette.requests import Request

from api.problems import ProblemError
from data.ingest.case import LoadedCase, read_with_tables
from data.ingest.source_tables import SourceTables

MAX_UPLOAD_BYTES = 64_000_000
MAX_UNPACKED_BYTES = 512_000_000
"""All files of an archive or workbook together; more is taken for an attack."""
MAX_FILES = 1_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES = ("application/zip", XLSX, "application/octet-stream")


async def read_upload(request: Request) -> bytes:
    """The bytes sent. Raises ProblemError when there are none or they come in another form."""
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media_type == "multipart/form-data":
        async with request.form(max_files=1) as form:
            file = form.get("file")
            content = await file.read() if isinstance(file, UploadFile) else b""
    elif media_type in MEDIA_TYPES:
        content = await request.body()
    else:
        raise ProblemError(
            "media-type",
            f"The type {media_type!r} is not read here. Send multipart/form-data, {' or '.join(MEDIA_TYPES)}.",
        )
    if not content:
        raise ProblemError(
            "upload-incomplete", "No file came with the request. Send it as the form field 'file' or as the body."
        )
    return content


def case_of_upload(content: bytes) -> tuple[LoadedCase, SourceTables]:
    """Read a case, and the tables that it is made of, from the bytes of a zip of CSV files, or of a workbook.

    Raises CaseError for faults in the case, ProblemError where there is no case to read.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        raise _invalid(
            "The file is neither a zip archive nor an .xlsx workbook, or it is cut short. Zip the CSV files of the case, "
            "or send the file again."
        ) from error
    with archive, tempfile.TemporaryDirectory() as folder:
        names = _safe_names(archive)
        if "[Content_Types].xml" in archive.namelist():
            path = Path(folder) / "case.xlsx"
            path.write_bytes(content)
            return read_with_tables(path)
        try:
            for info, name in names.items():
                with archive.open(info) as source, (Path(folder) / name).open("wb") as target:
                    shutil.copyfileobj(source, target)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError) as error:
            raise _invalid(f"The archive cannot be unpacked: {error}. Make it again, without a password.") from error
        return read_with_tables(Path(folder))


def _safe_names(archive: zipfile.ZipFile) -> dict[zipfile.ZipInfo, str]:
    """Every file of an archive with the name under which it is unpacked, flat: the tables may lie in one folder of it.

    Python reads no more of a file than its declared size, so checking the declared sizes bounds what is unpacked.
    """
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > MAX_FILES or sum(info.file_size for info in infos) > MAX_UNPACKED_BYTES:
        raise _invalid(f"The archive unpacks to more than {MAX_FILES} files or {MAX_UNPACKED_BYTES / 1e6:g} MB.")
    if "[Content_Types].xml" in archive.namelist():
        return {}
    names: dict[zipfile.ZipInfo, str] = {}
    folders = set()
    for info in infos:
        path = PurePosixPath(info.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in info.filename or stat.S_ISLNK(info.external_attr >> 16):
            raise _invalid(f"The archive holds {info.filename!r}, which would leave its folder. Zip plain CSV files.")
        if any(part.startswith((".", "__MACOSX")) for part in path.parts):
            continue  # what file managers add
        folders.add(path.parent)
        names[info] = path.name
    if len(folders) > 1:
        raise _invalid(
            f"The archive holds several folders: {', '.join(sorted(map(str, folders)))}. Send one case at a time."
        )
    if len(set(names.values())) < len(names):
        raise _invalid("The archive holds two files of the same name.")
    return names


def _invalid(detail: str) -> ProblemError:
    return ProblemError("upload-invalid", detail)
