"""Chunks on Ray, on this machine or many. The only module that knows Ray."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from models.engine.runner import Runner, collect
from wfm.errors import WfmError
from wfm.progress import never

Item = TypeVar("Item")
Made = TypeVar("Made")


class _Tasks(Generic[Item, Made]):
    def __init__(self, ray: Any, function: Callable[[Sequence[Item]], Iterable[Made]], cpus: int) -> None:
        self.window = 2 * cpus
        self.open: set[Any] = set()
        self._ray = ray
        self._function = ray.put(function)
        # A node may be lost with what it worked on; the function is pure, so its chunks are worked on anew elsewhere.
        self._work = ray.remote(num_cpus=1, max_retries=3)(_work)

    def submit(self, chunk: Sequence[Item]) -> Any:
        handle = self._work.remote(self._function, chunk)
        self.open.add(handle)
        return handle

    def wait(self, handles: list[Any], seconds: float) -> list[Any]:
        done, _ = self._ray.wait(handles, num_returns=1, timeout=seconds, fetch_local=False)
        return list(done)

    def check(self, handle: Any) -> None:
        self.open.discard(handle)
        try:
            self._ray.get(handle)
        except self._ray.exceptions.RayTaskError as error:
            raise error.cause from error
        except self._ray.exceptions.RayError as error:
            raise WfmError(
                f"A worker of the Ray cluster was lost and its work could not be done elsewhere ({type(error).__name__}): "
                "see the cluster with `ray status`, then start again."
            ) from error

    def result(self, handle: Any) -> list[Made]:
        made: list[Made] = self._ray.get(handle)
        return made


@contextmanager
def ray_runner(
    function: Callable[[Sequence[Item]], Iterable[Made]], workers: int, address: str | None
) -> Iterator[Runner[Item, Made]]:
    """On leaving, tasks not done are cancelled."""
    with ray_session(workers, address) as ray:
        tasks: _Tasks[Item, Made] = _Tasks(ray, function, max(int(ray.cluster_resources().get("CPU", 1)), 1))
        try:
            yield tasks
        finally:
            for handle in tasks.open:
                ray.cancel(handle, force=True)


@contextmanager
def ray_session(workers: int, address: str | None) -> Iterator[Any]:
    """Ray with `workers` CPUs of this machine, or with all of the cluster at `address`. Within another session of this process
    it is that one, left running.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError as error:
        raise WfmError(
            "Ray is not installed: install the extra `ray` of wfm-planner, or use --engine local."
        ) from error
    if ray.is_initialized():
        yield ray
        return
    own = {"num_cpus": workers, "include_dashboard": False} if address is None else {}
    begin: Any = ray.init
    try:
        begin(address or "local", log_to_driver=False, logging_level="ERROR", **own)
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise WfmError(
            f"Ray does not start, or no cluster answers at {address!r} ({error}): start a cluster's head with "
            "`ray start --head` and give the address that it prints, with the cluster's RAY_AUTH_TOKEN set here too "
            "(docs/operations.md), or use --engine local."
        ) from error
    try:
        yield ray
    finally:
        ray.shutdown()


def _work(function: Callable[[Sequence[Item]], Iterable[Made]], chunk: Sequence[Item]) -> list[Made]:
    return collect(function, chunk, never)
