"""What a simulation assumes; apart from its report, so that commands can offer the choices without loading documents."""

from __future__ import annotations

from enum import StrEnum


class Rates(StrEnum):
    """How many contacts come: `uncertain` as the forecast's distributions say, `known` as Poisson counts at its mean."""

    UNCERTAIN = "uncertain"
    KNOWN = "known"


class Handling(StrEnum):
    """Law of handling times; both have the forecast's mean and a standard deviation as large."""

    EXPONENTIAL = "exponential"
    LOG_NORMAL = "log-normal"


class Routing(StrEnum):
    """`rostered`: agents serve the campaign on which they are rostered. `pooled`: those on an inbound campaign where nobody
    waits also answer other inbound campaigns that they have the skill for.
    """

    ROSTERED = "rostered"
    POOLED = "pooled"
