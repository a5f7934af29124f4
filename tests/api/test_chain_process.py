"""The real chain in its process."""

import multiprocessing
import os
import signal
import threading
from dataclasses import replace

import pytest

from api.chain_process import StoppedError, run_in_process
from wfm.checkpoint import forgetful
from wfm.errors import WfmError
from wfm.progress import never, silent

LIMITS = {"time_limit": 2, "seed": 0, "workers": 1, "begin": None}
NOTHING = {"stop": never, "on_progress": silent, "on_checkpoint": forgetful}


def test_refusals_come_back(tiny_case):
    with pytest.raises(WfmError, match="no history"):
        run_in_process(tiny_case, {}, **LIMITS, **NOTHING)


@pytest.fixture
def all_histories(tiny_case, tiny_histories):
    return {entry.id: replace(tiny_histories["service"], campaign=entry.id) for entry in tiny_case.campaigns}


def test_a_process_that_does_not_stop_is_ended(tiny_case, all_histories):
    """Forecasting looks up only between campaigns."""
    begun = threading.Event()
    with pytest.raises(StoppedError):
        run_in_process(
            tiny_case,
            all_histories,
            **LIMITS,
            **(NOTHING | {"on_progress": lambda _: begun.set(), "stop": begun.is_set}),
        )
    assert multiprocessing.active_children() == []


def test_a_process_that_dies_is_noticed(tiny_case, all_histories):
    def kill(_progress):
        (process,) = multiprocessing.active_children()
        os.kill(process.pid, signal.SIGKILL)

    with pytest.raises(RuntimeError, match="exit code -9"):
        run_in_process(tiny_case, all_histories, **LIMITS, **(NOTHING | {"on_progress": kill}))
    assert multiprocessing.active_children() == []
