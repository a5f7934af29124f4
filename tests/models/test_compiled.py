"""Compiled code must never outlive the sources it was compiled from."""

from __future__ import annotations

import os
from pathlib import Path

from models import compiled


def test_other_sources_get_another_folder_and_the_old_one_goes(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "kernel.py").write_text("a = 1\n")
    monkeypatch.setattr(compiled, "SOURCES", tmp_path)
    before = compiled.cache_folder()
    assert before.parent == tmp_path / "__pycache__"
    assert compiled.cache_folder() == before

    (tmp_path / "kernel.py").write_text("a = 2\n")
    after = compiled.cache_folder()

    assert after != before
    assert after.is_dir()
    assert not before.exists()


def test_numba_is_told() -> None:
    assert os.environ["NUMBA_CACHE_DIR"] == str(compiled.cache_folder())
