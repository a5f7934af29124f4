"""Who serves what when: the plan's agents one by one, and each seat bought of a partner."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.simulate.world import ABSENCE, ACTIVITY, OFF, Bools, Changes, Floats, Ints, changes
from wfm.blocks import purchase_slots, seats
from wfm.campaign import Campaign, Channel
from wfm.case import Case
from wfm.errors import WfmError
from wfm.plan import Plan, Purchase


@dataclass(frozen=True, eq=False)
class Servers:
    """S servers. `speed`, `group` (S,) and `serves` (groups, Q) as in `World`, `roster` their ACTIVITY changes; and the shifts
    of own agents, of shape (shifts,): whose, from which second to which, and what share of it is lost on average.

    Who handles several contacts at once has a server for each: `hand_server` (n,) beside her own, `hand_of` (n,). They serve
    such campaigns alone and are away when she is.
    """

    speed: Floats
    group: Ints
    serves: Bools
    roster: Changes
    shift_server: Ints
    shift_start: Floats
    shift_end: Floats
    shift_lost: Floats
    hand_server: Ints
    hand_of: Ints


def servers_of(case: Case, plan: Plan, is_open: Bools, *, pooled: bool) -> Servers:
    """Servers of a plan that satisfies rule REFERENCE; `is_open` has shape (Q, slots): nobody serves a closed campaign.

    An own agent is one server whatever she is rostered on; a seat is a server of its own in every purchase. Own agents are in
    groups by the campaigns that they may answer beside it: those worked in others' idle time for which they have the skill,
    and, if `pooled`, such inbound ones as limit no number of agents.
    """
    queue = {campaign.id: index for index, campaign in enumerate(case.campaigns)}
    names = sorted({shift.agent for shift in plan.shifts})
    number = {name: index for index, name in enumerate(names)}
    length = case.grid.interval.total_seconds()
    edges: list[dict[int, int]] = [{} for _ in names]
    shifts: list[tuple[int, float, float, float]] = []
    for shift in sorted(plan.shifts, key=lambda shift: shift.first_slot):
        index = number[shift.agent]
        lost = case.site_by_id[case.agent_by_id[shift.agent].site].unplanned_shrinkage
        shifts.append((index, shift.first_slot * length, shift.last_slot * length, lost))
        for segment in shift.segments:
            if segment.activity in queue:
                _serve(edges[index], queue[segment.activity], is_open, segment.first_slot, segment.last_slot)
    groups: dict[tuple[bool, ...], int] = {}
    group = [
        groups.setdefault(answers, len(groups)) if pooled or any(answers) else OFF
        for answers in (_answers(case, name, pooled=pooled) for name in names)
    ]
    hands = [
        (index, _limited(found, case, hand))
        for index, found in enumerate(edges)
        for hand in range(1, _most(found, case))
    ]
    first_hand = len(edges)
    edges = [*edges, *(found for _, found in hands)]
    group.extend([OFF] * len(hands))
    speed = [1.0] * len(edges)
    for purchase in plan.purchases:
        edges_of_seat: dict[int, int] = {}
        _serve(edges_of_seat, queue[purchase.campaign], is_open, *purchase_slots(case, purchase))
        bought = seats(case, purchase) * case.campaign_by_id[purchase.campaign].concurrency
        edges.extend([edges_of_seat] * bought)
        speed.extend([_productivity(case, purchase)] * bought)
        group.extend([OFF] * bought)
    roster = [(slot * length, index, value) for index, found in enumerate(edges) for slot, value in found.items()]
    seconds, subject, value = np.array(roster, dtype=np.float64).reshape(-1, 3).T
    whose, start, end, share = np.array(shifts, dtype=np.float64).reshape(-1, 4).T
    return Servers(
        speed=np.array(speed),
        group=np.array(group, dtype=np.int64),
        serves=np.array(list(groups), dtype=np.bool_).reshape(-1, len(queue)),
        roster=changes(seconds, ACTIVITY, subject.astype(np.int64), value.astype(np.int64)),
        shift_server=whose.astype(np.int64),
        shift_start=start,
        shift_end=end,
        shift_lost=share,
        hand_server=np.arange(first_hand, first_hand + len(hands)),
        hand_of=np.array([index for index, _ in hands], dtype=np.int64),
    )


def absences(servers: Servers, rng: np.random.Generator) -> Changes:
    """Unplanned absence of one run: each shift loses a stretch of its time, as long as a share of the shift drawn evenly from
    0 to twice the site's unplanned shrinkage u (from 2u - 1 to 1 where that is more than half).

    The stretch begins anywhere in the shift and goes on at its start when it reaches its end, so that every minute of work
    is lost with probability u: some come late and leave early, others are called away.
    """
    count, lost = len(servers.shift_server), servers.shift_lost
    low, high = np.maximum(0.0, 2 * lost - 1), np.minimum(1.0, 2 * lost)
    presence = servers.shift_end - servers.shift_start
    begin = servers.shift_start + presence * rng.random(count)
    end = begin + presence * (low + (high - low) * rng.random(count))
    over = np.maximum(end - servers.shift_end, 0.0)
    away = np.flatnonzero(lost > 0)
    wraps = away[over[away] > 0]
    who = servers.shift_server[np.concatenate([away, wraps])]
    begins = np.concatenate([begin[away], servers.shift_start[wraps]])
    ends = np.concatenate([np.minimum(end, servers.shift_end)[away], (servers.shift_start + over)[wraps]])
    place, hands = np.nonzero(who[:, None] == servers.hand_of)
    who = np.concatenate([who, servers.hand_server[hands]])
    begins, ends = np.concatenate([begins, begins[place]]), np.concatenate([ends, ends[place]])
    return changes(np.concatenate([begins, ends]), ABSENCE, np.concatenate([who, who]), np.repeat([1, -1], len(who)))


def _most(edges: dict[int, int], case: Case) -> int:
    """Contacts at once on the campaign on which an agent handles most."""
    return max((case.campaigns[queue].concurrency for queue in edges.values() if queue != OFF), default=1)


def _limited(edges: dict[int, int], case: Case, hand: int) -> dict[int, int]:
    """The changes of an agent's further hand: on duty where she handles more than `hand` contacts at once."""
    return {
        slot: queue if queue != OFF and case.campaigns[queue].concurrency > hand else OFF
        for slot, queue in edges.items()
    }


def _serve(edges: dict[int, int], queue: int, is_open: Bools, first: int, last: int) -> None:
    """Add to a server's changes of activity by slot that she serves a campaign in its open slots of [first, last)."""
    serving = np.flatnonzero(np.diff(is_open[queue, first:last].astype(np.int64), prepend=0, append=0)) + first
    for start, end in serving.reshape(-1, 2).tolist():
        edges[start] = queue
        edges.setdefault(end, OFF)


def _answers(case: Case, name: str, *, pooled: bool) -> tuple[bool, ...]:
    """Which campaigns of the case an agent may answer beside her own."""
    skills = case.agent_by_id[name].skills
    return tuple(
        skills.get(campaign.skill, 0) >= campaign.min_level
        and (campaign.blended_with is not None or (pooled and _is_pooled(campaign)))
        for campaign in case.campaigns
    )


def _is_pooled(campaign: Campaign) -> bool:
    return campaign.channel is Channel.INBOUND and campaign.max_agents is None and campaign.concurrency == 1


def _productivity(case: Case, purchase: Purchase) -> float:
    for entry in case.partner_by_id[purchase.partner].certifications:
        if entry.campaign == purchase.campaign:
            return entry.productivity
    raise WfmError(
        f"Partner {purchase.partner} is not certified for campaign {purchase.campaign}, which the plan buys there. Check "
        "the plan with wfm check."
    )
