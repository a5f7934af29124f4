"""The real chain in its process."""

import multiprocessing
import os
import signal
from dataclasses import replace

import pytest

from api.chain_process import run_in_process
from wfm.errors import WfmError
from wfm.progress import never, silent

LIMITS = {"time_limit": 2, "seed": 0, "workers": 1}


def test_refusals_come_back(tiny_case):
    with pytest.raises(WfmError, match="no history"):
        run_in_process(tiny_case, {}, **LIMITS, stop=never, on_progress=silent)


def test_a_process_that_dies_is_noticed(tiny_case, tiny_histories):
    def kill(_progress):
        (process,) = multiprocessing.active_children()
        os.kill(process.pid, signal.SIGKILL)

    same = {entry.id: replace(tiny_histories["service"], campaign=entry.id) for entry in tiny_case.campaigns}
    with pytest.raises(RuntimeError, match="exit code -9"):
        run_in_process(tiny_case, same, **LIMITS, stop=never, on_progress=kill)
    assert multiprocessing.active_children() == []
