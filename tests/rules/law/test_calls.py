"""Law on calling consumers: hours, attempts, legal bases, second calls, local holidays."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from wfm.campaign import Channel, LegalBasis, OpeningHours
from wfm.partner import BlockShift, Certification
from wfm.plan import Purchase
from wfm.requirement import WorkItem
from wfm.rules.law import call_frequency, call_window, legal_basis, local_holidays, signature_delay

WINDOW = "FR-OUT-WINDOW"


@pytest.fixture
def at(make_shift):
    """A shift of A3 through activities, on a day of a case, from an hour of Rabat's clock at UTC+0."""

    def make(case, day, start, *activities):
        shift = make_shift("A3", day, start, *activities)
        return shift.model_copy(update={"day": case.first_day + timedelta(days=day)})

    return make


@pytest.mark.parametrize(
    ("day", "start", "slots", "margin"),
    [
        (0, 9, 6, 0),
        (0, 13, 12, 0),
        (0, 9.5, 4, 30),
        (0, 10, 2, 60),
        (0, 8.5, 2, -30),
        (0, 11.5, 2, -30),
        (0, 9, 20, -60),
        (0, 18, 3, -30),
        (5, 9, 2, -60),
    ],
    ids=["morning", "afternoon", "half", "middle", "early", "lunch", "over lunch", "late", "Saturday"],
)
def test_calls_at_legal_hours(tiny_case, at, plan_of, *, day, start, slots, margin):
    """10:00 to 13:00 in Paris is 09:00 to 12:00 in Rabat."""
    measured = list(call_window.measure(tiny_case, plan_of(at(tiny_case, day, start, ("sales", slots)))))

    assert [(entry.rule.code, entry.subject, entry.margin) for entry in measured] == [(WINDOW, "A3", margin)]


def test_only_outbound_work_is_calling(tiny_case, at, plan_of):
    plan = plan_of(at(tiny_case, 0, 5, ("service", 4), ("break:lunch", 2), ("mail", 2), ("idle", 2)))

    assert list(call_window.measure(tiny_case, plan)) == []


@pytest.mark.parametrize(("day", "margin"), [(3, 0), (4, -120)])
def test_no_calls_on_a_public_holiday(tiny_case, at, plan_of, day, margin):
    """2026-12-25 is a Friday."""
    case = tiny_case.model_copy(update={"first_day": date(2026, 12, 21)})

    assert [entry.margin for entry in call_window.measure(case, plan_of(at(case, day, 9, ("sales", 4))))] == [margin]


@pytest.mark.parametrize(
    ("zone", "start", "margin"), [("Indian/Reunion", 6, 0), ("Indian/Reunion", 9, -60), ("America/Martinique", 14, 0)]
)
def test_the_clock_is_the_consumer_s(tiny_case, at, plan_of, *, zone, start, margin):
    """10:00 in Réunion (UTC+4) is 06:00 in Rabat, and 10:00 in Martinique (UTC-4) is 14:00; both call for an hour."""
    market = tiny_case.markets[0].model_copy(update={"time_zone": zone})
    case = tiny_case.model_copy(update={"markets": (market,)})

    assert [entry.margin for entry in call_window.measure(case, plan_of(at(case, 0, start, ("sales", 2))))] == [margin]


@pytest.mark.parametrize(("first_day", "slot"), [(date(2026, 9, 14), 66), (date(2026, 9, 21), 64)])
def test_before_and_after_rabat_s_clock_changed(tiny_case, at, plan_of, first_day, slot):
    """Tuesday 10:00 in Paris is 09:00 in Rabat until 2026-09-20, and 08:00 after."""
    case = tiny_case.model_copy(update={"first_day": first_day})

    assert [entry.margin for entry in call_window.measure(case, plan_of(at(case, 0, slot / 2, ("sales", 2))))] == [0]
    assert [
        entry.margin for entry in call_window.measure(case, plan_of(at(case, 0, slot / 2 - 0.5, ("sales", 2))))
    ] == [-30]


def test_seats_call_while_the_campaign_is_open(tiny_case, plan_of):
    """A block from 08:00 to 17:00 in Rabat calls from 09:00 to 12:00 and from 13:00 to 17:00."""
    long = BlockShift(id="long", start=time(8), end=time(17), weekdays=(1, 2, 3, 4, 5))
    partner = tiny_case.partners[0].model_copy(
        update={"shifts": (long,), "certifications": (Certification(campaign="sales", productivity=1),)}
    )
    case = tiny_case.model_copy(update={"partners": (partner,)})
    bought = Purchase(partner="casa", campaign="sales", day=case.first_day, shift="long", blocks=1)
    measured = list(call_window.measure(case, plan_of(purchases=[bought])))

    assert [(entry.subject, entry.where, entry.margin) for entry in measured] == [
        ("casa", "2026-12-07 09:00, sales", 0),
        ("casa", "2026-12-07 13:00, sales", 0),
    ]


def test_before_the_decree_nothing_is_measured(tiny_case, at, plan_of):
    case = tiny_case.model_copy(update={"first_day": date(2023, 2, 20)})

    assert list(call_window.measure(case, plan_of(at(case, 5, 3, ("sales", 2))))) == []


@pytest.mark.parametrize(("attempts", "margins"), [(4, [0]), (5, [-1]), (None, [])])
def test_four_attempts(tiny_case, tiny_plan, with_campaign, attempts, margins):
    case = with_campaign(tiny_case, "sales", max_attempts=attempts)

    assert [entry.margin for entry in call_frequency.measure(case, tiny_plan)] == margins


@pytest.mark.parametrize(
    ("basis", "first_day", "broken"),
    [
        (LegalBasis.CONTRACT_RELATED, date(2026, 12, 7), []),
        (LegalBasis.CONSENT, date(2026, 12, 7), []),
        (LegalBasis.OPT_OUT, date(2026, 12, 7), [("FR-OPTIN", "legal basis opt_out")]),
        (None, date(2026, 12, 7), [("FR-OPTIN", "legal basis none")]),
        (LegalBasis.OPT_OUT, date(2026, 7, 6), []),
    ],
)
def test_a_legal_basis_in_force(tiny_case, tiny_plan, with_campaign, breaches, *, basis, first_day, broken):
    case = with_campaign(tiny_case, "sales", legal_basis=basis).model_copy(update={"first_day": first_day})

    assert breaches(legal_basis.measure(case, tiny_plan)) == broken


def test_the_opt_in_binds_from_its_day_on(tiny_case, tiny_plan, with_campaign):
    """2026-08-11 is a Tuesday: calls of Monday need no consent."""
    case = with_campaign(tiny_case, "sales", legal_basis=None).model_copy(update={"first_day": date(2026, 8, 10)})

    assert [entry.where for entry in legal_basis.measure(case, tiny_plan)] == ["from 2026-08-11"]


def test_a_campaign_nobody_works_is_not_measured(tiny_case, plan_of, with_campaign):
    case = with_campaign(tiny_case, "sales", legal_basis=None, max_attempts=9)

    assert list(legal_basis.measure(case, plan_of())) == list(call_frequency.measure(case, plan_of())) == []


@pytest.fixture
def two_calls(tiny_case, tiny_requirement, with_campaign):
    """Sales by two calls: `mail` becomes the second one, open 10:00 to 20:00 in Paris, with one item that may be worked
    from the slot given."""

    def make(first_slot, basis=LegalBasis.CONSENT):
        hours = [entry for entry in tiny_case.opening_hours if entry.campaign != "mail"]
        hours += [OpeningHours(campaign="mail", weekday=day, opens=time(10), closes=time(20)) for day in range(1, 6)]
        changes = {"channel": Channel.OUTBOUND, "second_call_of": "sales", "legal_basis": basis}
        case = with_campaign(tiny_case, "mail", **changes).model_copy(update={"opening_hours": tuple(hours)})
        entries = tuple(
            entry.model_copy(update={"items": (WorkItem(first_slot=first_slot, last_slot=96, work=1),)})
            if entry.campaign == "mail"
            else entry
            for entry in tiny_requirement.campaigns
        )
        return case, tiny_requirement.model_copy(update={"campaigns": entries})

    return make


@pytest.mark.parametrize(
    ("first_slot", "margin"),
    [(18, 62 * 60 - 1440), (0, 62 * 60 - 1440), (19, -1440), (67, 0), (66, -600), (38, -600), (74, 60)],
    ids=["Monday", "midnight", "at once", "Tuesday", "too early", "opens too early", "after lunch"],
)
def test_a_day_between_documents_and_signature(two_calls, first_slot, margin):
    """Monday 10:00 (slot 18) works off Friday's calls, the last of which ended at 20:00. Documents of Monday's first slot
    leave by 10:30: they may be signed on Tuesday at 10:30 (slot 67), not at 10:00, when calls of Monday 20:00 are the last.
    Tuesday 14:00 (slot 74) takes those of Monday that ended by 13:00."""
    assert [
        (entry.rule.code, entry.subject, entry.margin) for entry in signature_delay.measure(*two_calls(first_slot))
    ] == [("FR-INS-24H", "mail", margin)]


def test_contracts_in_force_need_no_delay(two_calls):
    """The first calls, of sales, are on a contract in force as well."""
    assert list(signature_delay.measure(*two_calls(19, LegalBasis.CONTRACT_RELATED))) == []


def test_one_call_on_consent_is_enough_for_the_delay(two_calls, with_campaign):
    case, requirement = two_calls(19, LegalBasis.CONTRACT_RELATED)
    case = with_campaign(case, "sales", legal_basis=LegalBasis.CONSENT)

    assert [entry.margin for entry in signature_delay.measure(case, requirement)] == [-1440]


def test_first_calls_need_no_delay(tiny_case, tiny_requirement):
    assert list(signature_delay.measure(tiny_case, tiny_requirement)) == []


@pytest.mark.parametrize(
    ("first_day", "day", "margins"),
    [
        (date(2026, 3, 30), 4, [-120]),
        (date(2026, 3, 30), 3, [690]),
        (date(2026, 5, 11), 0, []),
    ],
    ids=["Good Friday", "its eve", "a week without"],
)
def test_holidays_of_alsace_moselle(tiny_case, at, plan_of, *, first_day, day, margins):
    """Good Friday is 2026-04-03. Rabat is at UTC+1 and Paris at UTC+2."""
    case = tiny_case.model_copy(update={"first_day": first_day})
    measured = list(local_holidays.measure(case, plan_of(at(case, day, 9.5, ("sales", 4)))))

    assert [(entry.rule.code, entry.rule.hard, entry.margin) for entry in measured] == [
        ("FR-LOCAL-HOL", False, margin) for margin in margins
    ]
