"""Where compiled code is kept.

Numba's own cache notices an edit only in the very file of a function: code compiled against another version of a function
or tuple that it uses would be loaded and corrupt memory. So each state of the sources has a cache folder of its own.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from pathlib import Path

SOURCES = Path(__file__).parent
STALE_SECONDS = 24 * 3600
"""A cache that was made so long ago for other sources is removed: a younger one may still be in use by a running process."""


def cache_folder() -> Path:
    """The cache of these very sources; old caches of other states of them are removed."""
    digest = hashlib.sha256()
    for source in sorted(SOURCES.rglob("*.py")):
        digest.update(source.read_bytes())
    home = _home()
    folder = home / f"numba-{digest.hexdigest()[:12]}"
    if not folder.exists():
        for other in home.glob("numba-*"):
            if time.time() - other.stat().st_mtime > STALE_SECONDS:
                shutil.rmtree(other, ignore_errors=True)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _home() -> Path:
    """Beside the sources, whether or not Python keeps its own caches there. Installed read-only: the user's own corner of the
    temporary folder, one for each installation.
    """
    if os.access(SOURCES, os.W_OK):
        return SOURCES / "__pycache__"
    installation = hashlib.sha256(str(SOURCES).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"wfm-planner-{os.getuid()}" / installation
