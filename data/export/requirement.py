"""requirement.csv: the work required, one row per campaign and interval of the plan."""

from __future__ import annotations

from collections.abc import Iterator

from data.export.cells import flag, local, table, text, utc
from wfm.case import Case
from wfm.clock import zone
from wfm.opening import open_slots
from wfm.requirement import Requirement

HEADER = (
    "campaign",
    "start_local",
    "time_zone",
    "start_utc",
    "minutes",
    "open",
    "volume",
    "aht_seconds",
    "net_agents",
    "service_level",
)


def requirement_csv(case: Case, requirement: Requirement) -> str:
    """The requirement as CSV. Local times are the market's; `volume` are contacts or records, `net_agents` productive
    agents, `service_level` the share expected at that staffing (inbound only).
    """
    return table(HEADER, _rows(case, requirement))


def _rows(case: Case, requirement: Requirement) -> Iterator[tuple[str, ...]]:
    instants = [case.grid.instant(slot) for slot in range(case.grid.slots)]
    for entry in requirement.campaigns:
        campaign = case.campaign_by_id[entry.campaign]
        market = case.market_by_id[campaign.market]
        tz = zone(market.time_zone)
        is_open = open_slots(case, campaign)
        for slot, instant in enumerate(instants):
            yield (
                text(entry.campaign),
                local(instant, tz),
                market.time_zone,
                utc(instant),
                str(case.interval_minutes),
                flag(bool(is_open[slot])),
                str(entry.volume[slot]),
                str(entry.aht_seconds[slot]),
                str(entry.net_agents[slot]),
                "" if entry.service_level is None else str(entry.service_level[slot]),
            )
