"""Lists worked off: how many attempts known lists ask for on each calling day, and when they are exhausted.

With reach rate p per attempt, a record that may be tried m times is worth A(m) = (1 - (1-p)^m) / p attempts in expectation
(`attempts.dialling`), and every attempt made takes exactly one from what the list is still worth: A(m) = 1 + (1-p) A(m-1).
So the state of a list is one number, whatever the order of dialling. Contacts are p times the attempts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from models.staffing.attempts import dialling, most_attempts
from wfm.campaign import Campaign
from wfm.law import country_pack
from wfm.list_batch import ListBatch

EXHAUSTED = 1e-6
"""Attempts below which nothing is left."""


@dataclass(frozen=True)
class WorkedOff:
    """`attempts`: expected per calling day, made before `as_of` and asked for from then on. `exhausted_on`: the day after which
    nothing is left of any list; None when some is left or there was none. `lapsed`: attempts that no calling day was left for.
    """

    attempts: dict[date, float]
    exhausted_on: date | None
    lapsed: float


@dataclass
class _Open:
    """A list being worked off: `to_come` are attempts that become legal on a day, `left` those that may be made now."""

    last_day: date
    to_come: dict[date, float]
    left: float = field(default=0.0)

    def wake(self, day: date) -> None:
        for due in [due for due in self.to_come if due <= day]:
            self.left += self.to_come.pop(due)

    def take(self, wanted: float) -> float:
        taken = min(wanted, self.left)
        self.left -= taken
        return taken


def work_off(
    campaign: Campaign,
    country: str,
    batches: Sequence[ListBatch],
    calling_days: Sequence[date],
    made: Mapping[date, float],
    *,
    as_of: date,
    reach_rate: float,
) -> WorkedOff:
    """Expected attempts of a campaign's lists on each of its `calling_days` (ascending, from the first day of loading on).

    Before `as_of`, lists lose the attempts that were `made`, the oldest list first: a list that was dialled too little for want
    of staff is still there, and one dialled to its end asks for nothing. From then on each list is spread evenly over its
    calling days left.
    """
    order = sorted(batches, key=lambda batch: (batch.loaded_on, batch.batch))
    lists = [_Open(batch.last_day, dict(_legal(campaign, country, batch, reach_rate))) for batch in order]
    attempts: dict[date, float] = {}
    exhausted_on = None
    for place, day in enumerate(calling_days):
        done = 0.0
        for open_list in lists:
            open_list.wake(day)
            if day > open_list.last_day:
                continue
            if day < as_of:
                done += open_list.take(made.get(day, 0.0) - done)
            else:
                days_left = sum(later <= open_list.last_day for later in calling_days[place:])
                done += open_list.take(open_list.left / days_left)
        attempts[day] = done
        if done > EXHAUSTED and not any(one.left > EXHAUSTED or one.to_come for one in lists):
            exhausted_on = day
    end = calling_days[-1] if calling_days else as_of
    lapsed = sum(one.left + sum(one.to_come.values()) for one in lists if one.last_day <= end)
    return WorkedOff(attempts, exhausted_on, lapsed)


def _legal(campaign: Campaign, country: str, batch: ListBatch, reach_rate: float) -> Iterator[tuple[date, float]]:
    """Attempts that the records of a list are worth, by the day from which the law of a country allows them."""
    most = most_attempts(campaign, country, batch.loaded_on)
    pack = country_pack(country)
    frequency = pack.rule(f"{country}-OUT-FREQ", batch.loaded_on) if pack else None
    refusal = pack.rule(f"{country}-OUT-REFUSAL", batch.loaded_on) if pack else None
    due: dict[date, float] = {}

    def add(day: date, attempts: float) -> None:
        due[day] = due.get(day, 0.0) + attempts

    callable_now = batch.eligible - (batch.refused if refusal is not None else 0)
    now = most
    if frequency is not None:
        length = timedelta(days=int(frequency.parameters["rolling_days"]))
        old_enough = sorted(day + length for day in batch.attempted_on if day + length > batch.loaded_on)
        now = max(min(most, int(frequency.parameters["max_attempts"]) - len(old_enough)), 0)
        for further, day in enumerate(old_enough[: most - now]):
            add(day, callable_now * (1 - reach_rate) ** (now + further))
    add(batch.loaded_on, callable_now * dialling(reach_rate, now).attempts)
    if refusal is not None and batch.refused_on is not None:
        rest = timedelta(days=int(refusal.parameters["days"]) + 1)
        add(max(batch.refused_on + rest, batch.loaded_on), batch.refused * dialling(reach_rate, most).attempts)
    yield from due.items()
