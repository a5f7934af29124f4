"""Chunks in fresh processes of this machine."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from typing import Generic, TypeVar

from models.engine.runner import Runner, collect
from wfm.errors import WfmError

Item = TypeVar("Item")
Made = TypeVar("Made")

_STOPPING: list[Event] = []
"""In a worker: set when nobody waits for results any more."""


class _Processes(Generic[Item, Made]):
    def __init__(
        self, pool: ProcessPoolExecutor, function: Callable[[Sequence[Item]], Iterable[Made]], workers: int
    ) -> None:
        self.window = 2 * workers
        self._pool = pool
        self._function = function

    def submit(self, chunk: Sequence[Item]) -> Future[list[Made]]:
        return self._pool.submit(_work, self._function, chunk)

    def wait(self, handles: list[Future[list[Made]]], seconds: float) -> list[Future[list[Made]]]:
        done = wait(handles, timeout=seconds, return_when=FIRST_COMPLETED).done
        return [handle for handle in handles if handle in done]

    def check(self, handle: Future[list[Made]]) -> None:
        error = handle.exception()
        if isinstance(error, BrokenProcessPool):
            raise WfmError(
                "A worker process died, most likely for want of memory: give fewer --workers or free some memory."
            ) from error
        if error is not None:
            raise error

    def result(self, handle: Future[list[Made]]) -> list[Made]:
        return handle.result()


@contextmanager
def process_runner(function: Callable[[Sequence[Item]], Iterable[Made]], workers: int) -> Iterator[Runner[Item, Made]]:
    """Fresh processes: forking from under running threads can hang, and Stan's CPU seconds are counted per process.

    They start at once, each with an empty chunk, so that imports are done when the first chunk comes.
    On leaving, chunks not begun are dropped and those begun end with the series at hand.
    """
    context = multiprocessing.get_context("spawn")
    stopping = context.Event()
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(stopping,))
    try:
        for _ in range(workers):
            pool.submit(_work, function, ())
        yield _Processes(pool, function, workers)
    finally:
        stopping.set()
        pool.shutdown(cancel_futures=True)


def _begin(stopping: Event) -> None:
    """Ctrl-C in a terminal reaches workers too, but their parent decides."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _STOPPING.append(stopping)


def _work(function: Callable[[Sequence[Item]], Iterable[Made]], chunk: Sequence[Item]) -> list[Made]:
    return collect(function, chunk, _STOPPING[0].is_set)
