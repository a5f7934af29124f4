"""Where compiled code is kept.

Numba's own cache notices an edit only in the very file of a function: code compiled against another version of a function
or tuple that it uses would be loaded and corrupt memory. So each state of the sources has a cache folder of its own.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

SOURCES = Path(__file__).parent


def cache_folder() -> Path:
    """The cache of these very sources; caches of others are removed."""
    digest = hashlib.sha256()
    for source in sorted(SOURCES.rglob("*.py")):
        digest.update(source.read_bytes())
    folder = SOURCES / "__pycache__" / f"numba-{digest.hexdigest()[:12]}"
    if not folder.exists():
        for stale in (SOURCES / "__pycache__").glob("numba-*"):
            shutil.rmtree(stale, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
    return folder
