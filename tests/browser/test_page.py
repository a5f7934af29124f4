"""The service's page in a real browser."""

from __future__ import annotations

import json
import threading
import time
import zipfile
from pathlib import Path

import pytest
import uvicorn

from api.app import create_app
from api.figures import FIGURES
from data.store.cases import add_case
from models.result import ChainResult
from wfm.checkpoint import Checkpoint
from wfm.progress import Progress

pytestmark = pytest.mark.browser
WAIT_MS = 60_000


@pytest.fixture
def app(tmp_path, tiny_forecast, tiny_requirement, tiny_plan):
    def hand_made(case, histories, *, time_limit, seed, workers, stop, on_progress, begin, on_checkpoint):
        on_checkpoint(Checkpoint(tiny_forecast, tiny_requirement, tiny_plan, {}, searched=1.0))
        on_progress(
            Progress(stage="plan", fraction=0.5, message="Searching", incumbent_cents=200_00, bound_cents=150_00)
        )
        while not stop():
            time.sleep(0.01)
        return ChainResult(tiny_forecast, tiny_requirement, tiny_plan, [], {})

    return create_app(tmp_path / "data", hand_made)


@pytest.fixture
def address(app):
    """The service on a free port."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def opened(browser, address):
    """A page, with what it complained about and which other servers it asked."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda asked: complaints.append(asked.url) if not asked.url.startswith((address, "data:", "blob:")) else None,
    )
    page.goto(address)
    yield page, complaints
    context.close()


def test_a_job_is_followed_to_its_plan_and_drawn(opened, app, address, tiny_case):
    page, complaints = opened
    assert page.get_by_role("heading", name="No plan yet").is_visible()
    with app.state.services.store.write() as session:
        case_id = add_case(session, tiny_case, {})[0].id
    body = json.dumps({"case_id": case_id})
    page.request.post(f"{address}/v1/plans", data=body, headers={"content-type": "application/json"})
    page.reload()
    page.get_by_text("could still be saved.").wait_for()
    page.get_by_role("button", name="Stop and keep the best plan").click()
    page.get_by_role("heading", name=tiny_case.name).wait_for()
    page.locator("[data-drawn=yes]").nth(len(FIGURES) - 1).wait_for()
    assert page.locator(".plot .main-svg").first.is_visible()
    assert complaints == []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
    page.get_by_role("link", name="On a page of its own").first.click()
    page.locator("[data-drawn=yes]").wait_for()
    assert complaints == []


def test_a_broken_case_is_refused_with_its_faults(opened, tmp_path):
    page, _ = opened
    archive = Path(tmp_path / "case.zip")
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("plan.csv", "name,as_of\n<b>Été</b>,2026-13-01\n")
    page.get_by_label("Case").set_input_files(archive)
    page.get_by_role("button", name="Check and plan").click()
    page.get_by_role("alert").wait_for()
    assert page.get_by_role("cell", name="2026-13-01").is_visible()
    assert page.get_by_role("cell", name="the table is missing").count() > 3
