"""The mathematics: forecast, staffing and roster. Knows no files, no web and no database."""

import os

from models.compiled import cache_folder

# Set before anything imports numba, which reads it once.
os.environ["NUMBA_CACHE_DIR"] = str(cache_folder())
