"""Service levels by the name of their definition, from what days counted."""

from __future__ import annotations

from models.simulate.state import ABANDONED_WITHIN, ANSWERED, OFFERED, WITHIN
from models.simulate.world import Floats
from wfm.errors import WfmError

STANDARD = "answered within target / offered"
DEFINITIONS: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    STANDARD: ((OFFERED,), ()),
    "answered within target / answered": ((ANSWERED,), ()),
    "answered within target / (offered - abandoned within target)": ((OFFERED,), (ABANDONED_WITHIN,)),
}
"""By definition, which columns of the tally the denominator adds and which it takes away."""


def denominator(definition: str, tally: Floats) -> Floats:
    """What contacts answered within the target are divided by. Shapes (..., COLUMNS) to (...).

    Raises WfmError for a definition that is not known.
    """
    if definition not in DEFINITIONS:
        known = "; ".join(DEFINITIONS)
        raise WfmError(f"Unknown definition of a service level: {definition!r}. The simulator counts: {known}.")
    added, taken = DEFINITIONS[definition]
    counted: Floats = tally[..., list(added)].sum(axis=-1) - tally[..., list(taken)].sum(axis=-1)
    return counted


def numerator(tally: Floats) -> Floats:
    """Contacts answered within the target. Shapes (..., COLUMNS) to (...)."""
    return tally[..., WITHIN]
