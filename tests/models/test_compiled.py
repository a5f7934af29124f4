"""Compiled code must never outlive the sources it was compiled from."""

from __future__ import annotations

import os
from pathlib import Path

from models import compiled


def test_other_sources_get_another_folder_and_an_old_one_goes(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "kernel.py").write_text("a = 1\n")
    monkeypatch.setattr(compiled, "SOURCES", tmp_path)
    before = compiled.cache_folder()
    assert before.parent == tmp_path / "__pycache__"
    assert compiled.cache_folder() == before

    (tmp_path / "kernel.py").write_text("a = 2\n")
    after = compiled.cache_folder()
    assert after != before
    assert after.is_dir()
    assert before.is_dir(), "a process that started before the change may still be using it"

    os.utime(before, (0, 0))
    (tmp_path / "kernel.py").write_text("a = 3\n")
    latest = compiled.cache_folder()
    assert latest.is_dir()
    assert after.is_dir()
    assert not before.exists()


def test_read_only_installations_do_not_share_a_folder(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(compiled.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(compiled.os, "access", lambda *_: False)
    folders = set()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "kernel.py").write_text("a = 1\n")
        monkeypatch.setattr(compiled, "SOURCES", tmp_path / name)
        folders.add(compiled.cache_folder().parent)
    assert len(folders) == 2
    assert all(folder.parent == tmp_path / f"wfm-planner-{os.getuid()}" for folder in folders)


def test_numba_is_told() -> None:
    assert os.environ["NUMBA_CACHE_DIR"] == str(compiled.cache_folder())
