"""Requests to partners: drawn from each plan that is stored, sent when it is published, answered, agreed, withdrawn."""

from __future__ import annotations

import pytest

from data.export.capacity_requests import capacity_requests, capacity_requests_csv, requests_csv
from data.store.audit import AuditFilter, list_events
from data.store.capacity_requests import find_request, list_requests, load_answer, load_request, make_move
from data.store.plans import publish_plan
from wfm.negotiation import Answer, Move, OfferedShift, RequestState


@pytest.fixture
def kept(keep):
    """The tiny plan, which asks one thing of partner casa."""
    return keep()


@pytest.fixture
def sent(store, kept):
    with store.write() as session:
        return publish_plan(session, kept.id)


@pytest.fixture
def move(store):
    """Takes the newest request a step further; tells its state, or None where that was refused."""

    def move(wanted, answer=None):
        with store.write() as session:
            (request_id, *_) = [request.id for request in list_requests(session, None, 10)]
            stored = find_request(session, request_id, None, lock=True)
            return stored.state if make_move(session, stored, wanted, answer) else None

    return move


def test_a_request_comes_back_as_the_plan_asks_it(store, sent, tiny_case, tiny_plan):
    with store.read() as session:
        (stored,) = list_requests(session, "casa", 10)
        assert (stored.plan_id, stored.created_at) == (sent.id, sent.created_at)
        (asked,) = capacity_requests(tiny_case, tiny_plan)
        assert load_request(stored) == asked.model_copy(update={"state": "sent"})
        table = capacity_requests_csv(tiny_case, tiny_plan).replace(",draft,", ",sent,")
        assert requests_csv([load_request(stored)]) == table
        assert find_request(session, stored.id, "casa") is find_request(session, stored.id, None) is stored


def test_a_partner_sees_nothing_of_a_draft(store, kept):
    with store.read() as session:
        (stored,) = list_requests(session, None, 10)
        assert stored.state is RequestState.DRAFT
        assert list_requests(session, "casa", 10) == []
        assert find_request(session, stored.id, "casa") is None


@pytest.mark.parametrize("other", ["rival", "", "CASA", "cas_", "%"])
def test_nobody_else_finds_it(store, sent, other):
    with store.read() as session:
        (stored,) = list_requests(session, None, 10)
        assert list_requests(session, other, 10) == []
        assert find_request(session, stored.id, other) is None


def test_a_later_plan_asks_by_its_version(store, keep):
    versions = [keep().version, keep().version]
    with store.read() as session:
        requests = list_requests(session, None, 10)
        assert sorted(load_request(request).version for request in requests) == [str(version) for version in versions]
        assert list_requests(session, None, 1) == requests[:1]
        last = requests[0]
        rest = list_requests(session, None, 9, after_row=(last.created_at, last.partner, last.campaign, last.id))
        assert rest == requests[1:]


def test_an_answer_is_kept_until_the_planner_agrees_and_then_for_good(store, sent, move):
    offer = Answer(comment="Pas assez de sièges", offered=(OfferedShift(day="2026-12-07", shift="am", blocks=0),))
    assert move(Move.AGREE) is None
    assert move(Move.DECLINE, Answer(comment="non")) is RequestState.DECLINED
    assert move(Move.AGREE) is None
    assert move(Move.COUNTER, offer) is RequestState.COUNTERED
    assert move(Move.AGREE) is RequestState.LOCKED
    for late in (Move.ACCEPT, Move.COUNTER, Move.DECLINE, Move.WITHDRAW, Move.SEND):
        assert move(late, Answer(comment="late")) is None
    with store.read() as session:
        (stored,) = list_requests(session, None, 10)
        assert load_answer(stored) == offer
        assert stored.revision == 5
        lines = list_events(session, AuditFilter(resource="capacity-request"), 10)
        assert [line.action.partition(".")[2] for line in lines] == ["agree", "counter", "decline", "send"]
        assert [line.version for line in lines] == [5, 4, 3, 2]


def test_the_same_step_again_changes_nothing(store, sent, move):
    for _ in range(2):
        assert move(Move.ACCEPT, Answer(comment="ok")) is RequestState.ACCEPTED
    assert move(Move.ACCEPT, Answer(comment="d'accord")) is RequestState.ACCEPTED
    for _ in range(2):
        assert move(Move.AGREE) is RequestState.LOCKED
    with store.read() as session:
        assert list_requests(session, None, 10)[0].revision == 5


def test_what_is_not_locked_is_withdrawn_when_another_plan_comes_in_force(store, keep, move):
    states = []
    for agreed in (True, False, False):
        plan = keep()
        with store.write() as session:
            publish_plan(session, plan.id)
        if agreed:
            move(Move.ACCEPT, Answer())
            move(Move.AGREE)
    with store.read() as session:
        states = [request.state for request in list_requests(session, "casa", 10)]
        assert states == [RequestState.SENT, RequestState.WITHDRAWN, RequestState.LOCKED]
        assert [request.state for request in list_requests(session, None, 9, state=RequestState.LOCKED)] == states[2:]
