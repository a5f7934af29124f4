"""Where compiled code is kept.

Numba's own cache notices an edit only in the very file of a function: code compiled against another version of a function
or tuple that it uses would be loaded and corrupt memory. So each state of the sources has a cache folder of its own.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

SOURCES = Path(__file__).parent


def cache_folder() -> Path:
    """The cache of these very sources; caches of others are removed."""
    digest = hashlib.sha256()
    for source in sorted(SOURCES.rglob("*.py")):
        digest.update(source.read_bytes())
    beside = SOURCES / "__pycache__"
    # Installed read-only: the user's own corner of the temporary folder.
    home = beside if os.access(beside, os.W_OK) else Path(tempfile.gettempdir()) / f"wfm-planner-{os.getuid()}"
    folder = home / f"numba-{digest.hexdigest()[:12]}"
    if not folder.exists():
        for stale in home.glob("numba-*"):
            shutil.rmtree(stale, ignore_errors=True)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
