"""Ctrl-C during a long job asks it to end with the best it has; a second Ctrl-C ends the program at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Generic, Self, TypeVar

from api.cli.output import say

Result = TypeVar("Result")

POLL_SECONDS = 0.1
CTRL_C = {signal.SIGINT}


class CtrlC:
    """A context in which Ctrl-C is held back and `run` looks out for it.

    Some solvers (SCIP) put their own handler in the place of Python's while they work, and end themselves without telling. So
    the signal is blocked, here and in every thread and process started inside, and waited for: enter before importing
    anything that starts threads. What is pressed outside `run` counts when `run` begins, or when the context ends.
    """

    def __init__(self) -> None:
        self.stop = threading.Event()
        """Set once Ctrl-C was pressed."""

    def __enter__(self) -> Self:
        # A thread that is older than the block may still get the signal: the handler then does the same.
        self._handler = signal.signal(signal.SIGINT, self._pressed)
        self._mask = signal.pthread_sigmask(signal.SIG_BLOCK, CTRL_C)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.signal(signal.SIGINT, self._handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, self._mask)

    def run(self, work: Callable[[], Result]) -> Result | None:
        """Do `work` in a thread of its own and return what it made; `work` should end soon after `stop` is set.

        An error raised after Ctrl-C means that there was nothing to keep yet: None. Any other error is raised.
        Raises KeyboardInterrupt at the second Ctrl-C; the thread is then still at work.
        """
        job = _Job(work)
        job.start()
        while job.is_alive():
            if signal.sigtimedwait(CTRL_C, POLL_SECONDS) is not None:
                self._pressed()
        if job.error is None:
            return job.result
        if self.stop.is_set() and isinstance(job.error, Exception):
            return None
        raise job.error

    def _pressed(self, _signal: int = signal.SIGINT, _frame: FrameType | None = None) -> None:
        if self.stop.is_set():
            raise KeyboardInterrupt
        self.stop.set()
        say("\nStopping; the best plan found so far is kept. Press Ctrl-C again to end at once.")


class _Job(threading.Thread, Generic[Result]):
    """A daemon, so that it cannot keep the program alive."""

    def __init__(self, work: Callable[[], Result]) -> None:
        super().__init__(name="planning", daemon=True)
        self._work = work
        self.result: Result | None = None
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.result = self._work()
        except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits
            self.error = error
