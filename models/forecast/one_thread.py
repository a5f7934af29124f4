"""Libraries held to one thread: sums are then taken in one order on any machine, and small products wait for no threads."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from typing import Any, Literal


def one_thread(library: Literal["blas", "openmp"]) -> AbstractContextManager[Any]:
    """A context in which the library uses one thread; OpenMP in the calling thread only, BLAS in the whole process."""
    held: AbstractContextManager[Any] = _controller().limit(limits=1, user_api=library)
    return held


@cache
def _controller() -> Any:
    """Finds the libraries that are loaded, which takes a while: once, when all of them are."""
    import sklearn.ensemble  # noqa: F401 - loads its OpenMP
    import threadpoolctl

    make: Any = threadpoolctl.ThreadpoolController
    return make()
