"""What living through a plan many times shows, beside what was promised."""

from __future__ import annotations

from typing import Literal

from wfm.assumptions import Handling, Rates, Routing
from wfm.document import Document


class Estimate(Document):
    """A figure and its 95 % confidence interval."""

    value: float
    low: float
    high: float


class InboundFigures(Document):
    """An inbound campaign. `promised_service_level`: the requirement's, weighted by its volume, where it has one, for the work
    of which `covered_share` is covered by the plan. `rostered_service_level`: what the staffing formulas expect of the agents
    and seats that the plan has; None where nobody computed it. `days_met`: share of days that reach `target_service_level`.

    Contacts are totals of all simulated days; offered = answered + abandoned + sent_away (still waiting at closing time) +
    called_back (they wait in the campaign of callbacks from then on).
    The mean wait is that of all who were offered. Estimates are None where nothing happened that they could be made of.
    """

    campaign: str
    service_level_definition: str
    target_service_level: float
    promised_service_level: float | None
    covered_share: float
    service_level: Estimate | None
    days_met: Estimate | None
    abandonment: Estimate | None
    mean_wait_seconds: Estimate | None
    occupancy: Estimate | None
    offered: int
    answered: int
    abandoned: int
    sent_away: int
    rostered_service_level: float | None = None
    called_back: int = 0


class OutboundFigures(Document):
    """An outbound campaign: `planned_contacts` expected of the records at full coverage, times `covered_share`, and simulated
    ones, per plan; `rostered_contacts`: those that the plan's agents make where days have more or fewer records than expected,
    None where nobody computed it. Records and attempts are totals of all simulated days.
    """

    campaign: str
    covered_share: float
    planned_contacts: float
    contacts: Estimate
    occupancy: Estimate | None
    records: int
    attempts: int
    records_left: int
    rostered_contacts: float | None = None


class DeferrableFigures(Document):
    """A work basket: share of what arrives that is done by its deadline, or by the end of the plan where that is earlier.

    Contacts are totals of all simulated days; arrived = begun + not_begun (at the end of the plan).
    """

    campaign: str
    covered_share: float
    done_in_time: Estimate | None
    occupancy: Estimate | None
    arrived: int
    begun: int
    not_begun: int


class SimulationReport(Document):
    """Simulation of a plan. `runs` times its whole length makes `days`. `events`: arrivals, ends of contacts, hang-ups and
    changes of the roster. `seconds` (wall time of the runs) and `events_per_second` alone differ from one execution to the
    next.
    """

    schema_version: Literal[1] = 1
    case_hash: str
    requirement_hash: str
    plan_hash: str
    seed: int
    rates: Rates
    handling: Handling
    routing: Routing
    runs: int
    days: int
    inbound: tuple[InboundFigures, ...]
    outbound: tuple[OutboundFigures, ...]
    deferrable: tuple[DeferrableFigures, ...]
    events: int
    seconds: float
    events_per_second: float
