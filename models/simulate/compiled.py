"""How the loop over events is compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

_F = TypeVar("_F", bound=Callable[..., object])


OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "forceinline": True, "_nrt": False}


def compiled(function: _F) -> _F:
    """Compile on first use, keep the result on disk, and let other threads run meanwhile; the function's type is kept.

    Without counting references (`_nrt`), which would take nine tenths of the time here: the tuples that are handed around
    hold dozens of arrays. Such code can make no array; numba refuses to compile it where it tries.
    """
    return cast("_F", njit(**OPTIONS)(function))
