"""The chain in a process of its own, so that the service answers while it plans.

A thread will not do: some solvers hold the interpreter lock. Measured on the sample case (100 agents, 40 s limit), the
service answered nothing for up to 5 s at a time while the linear program was solved, and that grows with the case.
A process also keeps a crash inside a solver, and the memory it took, away from the service.
"""

from __future__ import annotations

import multiprocessing
import signal
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from typing import Any

from models.chain import ChainResult, run
from wfm.case import Case
from wfm.errors import WfmError
from wfm.history import CampaignHistory
from wfm.progress import OnProgress, Progress, Stop

STOP_SECONDS = 0.1
"""How soon a wish to stop is passed on."""
EXIT_SECONDS = 5
"""Time for the process to clear away its temporary files once it has said everything."""


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
) -> ChainResult:
    """`models.chain.run`, elsewhere. Raises WfmError as it does, RuntimeError when the process fails or dies."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    stopping = context.Event()
    # The case goes as JSON: it may have cached its time zone, which cannot be pickled.
    parameters = {"time_limit": time_limit, "seed": seed, "workers": workers}
    arguments = (sender, stopping, case.canonical_json(), histories, parameters)
    process = context.Process(target=_work, args=arguments, name="planning", daemon=True)
    process.start()
    sender.close()
    try:
        while True:
            if stop():
                stopping.set()
            if not receiver.poll(STOP_SECONDS):
                continue
            message = _receive(receiver)
            if isinstance(message, Progress):
                on_progress(message)
            elif isinstance(message, ChainResult):
                return message
            elif message is None:
                process.join()
                raise RuntimeError(f"The planning process died with exit code {process.exitcode}.")
            elif message.refused:
                raise WfmError(message.text)
            else:
                raise RuntimeError(f"The planning process failed:\n{message.text}")
    finally:
        stopping.set()
        receiver.close()
        process.join(EXIT_SECONDS)
        process.kill()
        process.join()
        process.close()


def _receive(receiver: Connection) -> Progress | ChainResult | _Failure | None:
    """The next message, None when the process ended without one."""
    try:
        message: Progress | ChainResult | _Failure = receiver.recv()
    except EOFError:
        return None
    return message


def _work(
    sender: Connection,
    stopping: Event,
    document: str,
    histories: dict[str, CampaignHistory],
    parameters: dict[str, Any],
) -> None:
    """The process: says everything through `sender`. Ctrl-C in a terminal reaches it too, but the service decides."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        case = Case.from_json(document)
        result = run(case, histories, **parameters, stop=stopping.is_set, on_progress=sender.send)
    except WfmError as error:
        sender.send(_Failure(refused=True, text=str(error)))
    except Exception:  # noqa: BLE001 - told to the service, which logs it
        sender.send(_Failure(refused=False, text=traceback.format_exc()))
    else:
        sender.send(result)
