"""What every runner of chunks can do, and what all of them do with a chunk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")
Item_contra = TypeVar("Item_contra", contravariant=True)


class Runner(Protocol[Item_contra, Made]):
    """`window`: chunks to keep submitted. Handles are hashable and opaque."""

    window: int

    def submit(self, chunk: Sequence[Item_contra]) -> Any: ...

    def wait(self, handles: list[Any], seconds: float) -> list[Any]:
        """Those of the handles that are done, after at most so many seconds."""
        ...

    def check(self, handle: Any) -> None:
        """Raise what the function raised in a chunk that is done."""
        ...

    def result(self, handle: Any) -> list[Made]: ...


def collect(
    function: Callable[[Sequence[Item]], Iterable[Made]], chunk: Sequence[Item], stopping: Callable[[], bool]
) -> list[Made]:
    """All results of a chunk; what is left of one that nobody waits for any more is not worked on."""
    made = []
    for result in function(chunk):
        made.append(result)
        if stopping():
            break
    return made
