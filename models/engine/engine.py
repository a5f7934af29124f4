"""One pure function mapped over chunks: in this process, in local processes or on Ray, with progress and cancel."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from models.engine.meter import Meter
from models.engine.runner import Runner
from wfm.errors import WfmError
from wfm.progress import OnProgress, Stop, never, silent

Item = TypeVar("Item")
Made = TypeVar("Made")

POLL_SECONDS = 0.2
"""How soon a wish to stop is heard."""


@dataclass(frozen=True)
class Engine:
    """`local`: processes of this machine. `ray`: a Ray of this machine, or with `address` the cluster found there."""

    name: Literal["local", "ray"] = "local"
    address: str | None = None

    def __post_init__(self) -> None:
        if self.address is not None and self.name != "ray":
            raise WfmError("An engine address is that of a Ray cluster: give --engine ray with it, or leave it out.")


LOCAL = Engine()


def map_chunks(
    function: Callable[[Sequence[Item]], Iterable[Made]],
    chunks: Iterable[Sequence[Item]],
    *,
    sizes: Sequence[int] | None = None,
    workers: int = 1,
    engine: Engine = LOCAL,
    on_progress: OnProgress = silent,
    stop: Stop = never,
) -> Iterator[list[Made]]:
    """`list(function(chunk))` for every chunk of series, in the order of the chunks.

    `function` must be pure, of a module (so that other processes can import it) and give one result per series: then nothing
    but the time depends on `workers` (chunks worked on side by side; a cluster uses all it has) and `engine`. Results wait in
    memory for those before them only: about two chunks a worker. Progress tells series done and time left. With `sizes`, the
    lengths of the chunks, these are asked for only once workers are starting, which takes seconds too.

    Raises what `function` raises, and WfmError when `stop` asked to stop, when a worker died or when there is no such engine.
    Whoever stops reading early stops the work.
    """
    if sizes is None:
        chunks = list(chunks)
        sizes = [len(chunk) for chunk in chunks]
    meter = Meter(sum(sizes), on_progress)
    meter.start()
    if engine.name == "ray":
        from models.engine.ray_runner import ray_runner

        with ray_runner(function, workers, engine.address) as runner:
            yield from _in_order(runner, chunks, meter, stop)
    elif workers > 1 and len(sizes) > 1:
        from models.engine.process_runner import process_runner

        with process_runner(function, min(workers, len(sizes))) as runner:
            yield from _in_order(runner, chunks, meter, stop)
    else:
        yield from _here(function, chunks, meter, stop)


def _here(
    function: Callable[[Sequence[Item]], Iterable[Made]], chunks: Iterable[Sequence[Item]], meter: Meter, stop: Stop
) -> Iterator[list[Made]]:
    for chunk in chunks:
        made = []
        for result in function(chunk):
            made.append(result)
            meter.add(1)
            _heed(stop, meter)
        yield made


def _in_order(
    runner: Runner[Item, Made], chunks: Iterable[Sequence[Item]], meter: Meter, stop: Stop
) -> Iterator[list[Made]]:
    """Keeps the runner busy, but never more than its window ahead of the reader."""
    window: deque[tuple[int, object]] = deque()
    running: dict[object, int] = {}
    ahead = iter(chunks)
    while True:
        while len(window) < runner.window and (chunk := next(ahead, None)) is not None:
            handle = runner.submit(chunk)
            window.append((len(chunk), handle))
            running[handle] = len(chunk)
        if not window:
            return
        while window[0][1] in running:
            for handle in runner.wait(list(running), POLL_SECONDS):
                runner.check(handle)
                meter.add(running.pop(handle))
            _heed(stop, meter)
        yield runner.result(window.popleft()[1])


def _heed(stop: Stop, meter: Meter) -> None:
    if meter.done < meter.total and stop():
        raise WfmError(f"The work was stopped on request after {meter.done} of {meter.total} series.")
