"""A case read, taken apart into items, put together again: the same case. And what one item changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.generate.case import generate_case
from data.ingest.case import read_changed, read_with_tables
from data.ingest.resources import RESOURCES, item_of, keys, place_of, with_item
from data.ingest.source_tables import with_overrides
from wfm.errors import CaseError
from wfm.override import Override

SAMPLE = Path(__file__).parents[3] / "data" / "samples" / "rabat"
BY_NAME = {resource.name: resource for resource in RESOURCES}


@pytest.fixture(scope="module", params=["sample", "S", "M"])
def read(request, tmp_path_factory):
    if request.param == "sample":
        return read_with_tables(SAMPLE)
    folder = tmp_path_factory.mktemp("cases") / request.param
    generate_case(request.param, 1, folder)
    return read_with_tables(folder)


def test_the_tables_of_a_case_make_the_same_case(read):
    loaded, tables = read
    again = read_changed(tables, loaded)
    assert again.case == loaded.case
    assert {name: history.content_hash() for name, history in again.histories.items()} == {
        name: history.content_hash() for name, history in loaded.histories.items()
    }


def test_putting_back_what_is_there_changes_nothing(read):
    loaded, tables = read
    for resource in RESOURCES:
        for key in keys(resource, tables):
            tables = with_item(resource, tables, key, item_of(resource, tables, key))
    assert read_changed(tables, loaded).case.content_hash() == loaded.case.content_hash()


def test_an_agent_is_added_changed_and_taken_away(read):
    loaded, tables = read
    agents = BY_NAME["agents"]
    model = item_of(agents, tables, keys(agents, tables)[0])
    new = model | {"agent": "NEW-1", "absences": [], "wishes": []}
    more = read_changed(with_item(agents, tables, "NEW-1", new), loaded)
    assert more.case.agents[:-1] == loaded.case.agents
    assert more.case.agents[-1] == loaded.case.agents[0].model_copy(update={"id": "NEW-1"})
    first = loaded.case.agents[0].id
    less = read_changed(with_item(agents, tables, first, None), loaded).case
    assert less.agents == loaded.case.agents[1:]
    assert first not in {entry.agent for entry in (*less.absences, *less.wishes)}


def test_a_campaign_takes_its_history_along(read):
    loaded, tables = read
    gone = loaded.case.campaigns[-1].id
    for partner in keys(BY_NAME["partners"], tables):
        item = item_of(BY_NAME["partners"], tables, partner)
        item["partner_campaigns"] = [row for row in item["partner_campaigns"] if row["campaign"] != gone]
        tables = with_item(BY_NAME["partners"], tables, partner, item)
    skill = loaded.case.campaigns[-1].skill
    if skill not in {campaign.skill for campaign in loaded.case.campaigns[:-1]}:
        tables = tables | {"skills": [row for row in tables["skills"] if row["skill"] != skill]}
    less = read_changed(with_item(BY_NAME["campaigns"], tables, gone, None), loaded)
    assert less.case.campaigns == loaded.case.campaigns[:-1]
    assert set(less.histories) == {campaign.id for campaign in less.case.campaigns}


def test_faults_are_pointed_at_where_they_lie(read):
    loaded, tables = read
    agents = BY_NAME["agents"]
    key = keys(agents, tables)[-1]
    item = item_of(agents, tables, key)
    item["contract"] = "none"
    item["skills"] = [*item["skills"], {"skill": "juggling", "level": 1}]
    changed = with_item(agents, tables, key, item)
    with pytest.raises(CaseError) as refused:
        read_changed(changed, loaded)
    places = [place_of(agents, changed, key, fault) for fault in refused.value.problems]
    assert places == [["contract"], ["skills", str(len(item["skills"]) - 1), "skill"]]
    other = keys(agents, tables)[0]
    assert [place_of(agents, changed, other, fault) for fault in refused.value.problems] == [None, None]


def test_overrides_are_written_as_they_are_read(read):
    loaded, tables = read
    case = loaded.case
    overrides = (
        Override(
            campaign=case.campaigns[0].id, first_day=case.first_day, last_day=case.first_day, percent=12.5,
            author="P01", reason="campagne télévisée",
        ),
        Override(
            campaign=case.campaigns[1].id, first_day=case.first_day, last_day=case.last_day, volume=1e3,
            author="P02", reason="mailing", from_time="09:00", to_time="12:00",
        ),
    )  # fmt: skip
    assert read_changed(with_overrides(tables, overrides), loaded).case == case.model_copy(
        update={"overrides": overrides}
    )
