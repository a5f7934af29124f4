"""Ctrl-C during a long job asks it to end with the best it has; a second Ctrl-C ends the program at once."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from types import FrameType
from typing import TypeVar

from api.cli.output import say

Result = TypeVar("Result")

POLL_SECONDS = 0.1


def run_interruptibly(work: Callable[[threading.Event], Result]) -> tuple[Result | None, threading.Event]:
    """Do `work(stop)` in a thread of its own; returns what it made and the event, which is set when Ctrl-C was pressed.

    The main thread only waits, because Python runs signal handlers there and between its instructions alone: inside a
    solver they would wait until it ends. An error raised after Ctrl-C means that there was nothing to keep yet: the result
    is None. Any other error is raised.
    """
    stop = threading.Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGINT)
        stop.set()
        say("\nStopping; the best plan found so far is kept. Press Ctrl-C again to end at once.")

    before = signal.signal(signal.SIGINT, ask)
    try:
        with ThreadPoolExecutor(1, thread_name_prefix="planning") as pool:
            future = pool.submit(work, stop)
            while not future.done():
                wait([future], POLL_SECONDS)
        if stop.is_set() and future.exception() is not None:
            return None, stop
        return future.result(), stop
    finally:
        signal.signal(signal.SIGINT, before)
