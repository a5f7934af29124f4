"""The chain in a process of its own, so that the service answers while it plans.

A thread will not do: some solvers hold the interpreter lock. Measured on the sample case (100 agents, 40 s limit), the
service answered nothing for up to 5 s at a time while the linear program was solved, and that grows with the case.
A process also keeps a crash inside a solver, and the memory it took, away from the service; and it can be ended within a
second, whatever a solver is at.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from typing import Any

from models.result import Base, ChainResult, ForecastResult
from wfm.case import Case
from wfm.checkpoint import Checkpoint, OnCheckpoint
from wfm.errors import WfmError
from wfm.history import CampaignHistory
from wfm.progress import OnProgress, Progress, Stop

STOP_SECONDS = 0.1
"""How soon a wish to stop is passed on."""
GRACE_SECONDS = 0.4
"""How long a search may take to stop by itself; then its process is ended."""
EXIT_SECONDS = 5
"""Time for the process to clear away its temporary files once it has said everything."""
STOPPED = "It was stopped before there was a plan."
_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>


class StoppedError(WfmError):
    """It was stopped, and its best plan is the last checkpoint, if there was one."""


class ProcessDiedError(RuntimeError):
    """The process vanished without a word: killed, out of memory, or crashed in a solver."""


@dataclass(frozen=True)
class _Failure:
    """`refused`: the chain said why there is no plan (WfmError); otherwise `text` is a traceback."""

    refused: bool
    text: str


def run_in_process(
    case: Case,
    histories: dict[str, CampaignHistory],
    *,
    time_limit: float,
    seed: int,
    workers: int,
    stop: Stop,
    on_progress: OnProgress,
    begin: Checkpoint | None,
    on_checkpoint: OnCheckpoint,
    base: Base | None = None,
) -> ChainResult:
    """`models.chain.run`, or with a base `models.replan.replan`, elsewhere. Raises WfmError as they do, StoppedError,
    ProcessDiedError, RuntimeError when it fails.
    """
    parameters = {"time_limit": time_limit, "seed": seed, "workers": workers, "begin": begin, "base": base}
    result = _elsewhere(_plan, case, histories, parameters, stop, on_progress, on_checkpoint)
    assert isinstance(result, ChainResult)  # noqa: S101 - what `_plan` sends
    return result


def forecast_in_process(
    case: Case,
    histories: dict[str, CampaignHistory],
    *,
    seed: int,
    workers: int,
    stop: Stop,
    on_progress: OnProgress,
) -> ForecastResult:
    """The forecast of a case, elsewhere; errors as of `run_in_process`."""
    result = _elsewhere(_forecast, case, histories, {"seed": seed, "workers": workers}, stop, on_progress, None)
    assert isinstance(result, ForecastResult)  # noqa: S101 - what `_forecast` sends
    return result


def _elsewhere(
    work: Callable[..., Any],
    case: Case,
    histories: dict[str, CampaignHistory],
    parameters: dict[str, Any],
    stop: Stop,
    on_progress: OnProgress,
    on_checkpoint: OnCheckpoint | None,
) -> object:
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    stopping = context.Event()
    # The case goes as JSON: it may have cached its time zone, which cannot be pickled.
    arguments = (work, os.getpid(), sender, stopping, case.canonical_json(), histories, parameters)
    process = context.Process(target=_work, args=arguments, name="planning", daemon=True)
    process.start()
    sender.close()
    ending = _Ending(stop, stopping)
    try:
        while True:
            ending.look()
            if not receiver.poll(STOP_SECONDS):
                continue
            message = _receive(receiver)
            if isinstance(message, Progress):
                if message.stage == "check":
                    ending.put_off()
                on_progress(message)
            elif isinstance(message, Checkpoint) and on_checkpoint is not None:
                on_checkpoint(message)
            elif message is None:
                process.join()
                raise ProcessDiedError(f"The planning process died with exit code {process.exitcode}.")
            else:
                return _result(message)
    finally:
        stopping.set()
        receiver.close()
        if not ending.is_near:
            process.join(EXIT_SECONDS)
        process.kill()
        process.join()
        process.close()


class _Ending:
    """Passes a wish to stop on, and ends who does not follow it in time."""

    def __init__(self, stop: Stop, stopping: Event) -> None:
        self._stop, self._stopping = stop, stopping
        self._at = float("inf")

    @property
    def is_near(self) -> bool:
        return self._at < float("inf")

    def look(self) -> None:
        """Raises StoppedError when the time is over."""
        if not self._stopping.is_set() and self._stop():
            self._stopping.set()
            self._at = time.monotonic() + GRACE_SECONDS
        if time.monotonic() > self._at:
            raise StoppedError(STOPPED)

    def put_off(self) -> None:
        """The search has stopped: what it found is worth waiting for."""
        self._at = float("inf")


def _result(message: object) -> object:
    if not isinstance(message, _Failure):
        return message
    if message.refused:
        raise WfmError(message.text)
    raise RuntimeError(f"The planning process failed:\n{message.text}")


def _receive(receiver: Connection) -> object:
    """The next message, None when the process ended without one."""
    try:
        return receiver.recv()
    except EOFError:
        return None


def _work(
    work: Callable[..., Any],
    parent: int,
    sender: Connection,
    stopping: Event,
    document: str,
    histories: dict[str, CampaignHistory],
    parameters: dict[str, Any],
) -> None:
    """The process: says everything through `sender`. Signals to a whole terminal or service reach it too, but the worker
    decides; and when that is killed, the system kills this with it, so that nobody plans for nobody.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        return
    try:
        result = work(Case.from_json(document), histories, stopping.is_set, sender.send, **parameters)
    except WfmError as error:
        sender.send(_Failure(refused=True, text=str(error)))
    except Exception:  # noqa: BLE001 - told to the service, which logs it
        sender.send(_Failure(refused=False, text=traceback.format_exc()))
    else:
        sender.send(result)


def _plan(
    case: Case,
    histories: dict[str, CampaignHistory],
    stop: Stop,
    send: Callable[[Progress | Checkpoint], None],
    base: Base | None,
    **parameters: Any,
) -> ChainResult:
    from models.chain import run  # here alone: the worker itself loads no solver
    from models.replan import replan

    if base is not None:
        return replan(case, histories, base=base, **parameters, stop=stop, on_progress=send, on_checkpoint=send)
    return run(case, histories, **parameters, stop=stop, on_progress=send, on_checkpoint=send)


def _forecast(
    case: Case, histories: dict[str, CampaignHistory], stop: Stop, send: OnProgress, **parameters: Any
) -> ForecastResult:
    from models.expected import with_hand
    from models.forecast.forecast import forecast_case

    modelled = forecast_case(case, histories, **parameters, stop=stop, on_progress=send)
    return ForecastResult(modelled, with_hand(case, histories, modelled))
