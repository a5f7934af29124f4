"""The report in a real browser, offline."""

from __future__ import annotations

import pytest

from api.figures import FIGURES
from api.report import render_report

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def file(tmp_path_factory, view):
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render_report(view), encoding="utf-8")
    return path


@pytest.fixture(params=[1400, 400])
def opened(browser, file, request):
    """The page in a window of that width, with what it complained about and asked the network for."""
    context = browser.new_context(viewport={"width": request.param, "height": 900}, offline=True)
    page = context.new_page()
    complaints: list[str] = []
    requests: list[str] = []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda asked: requests.append(asked.url) if asked.url.startswith("http") else None)
    page.goto(file.as_uri())
    page.wait_for_function(f"document.querySelectorAll('.figure .main-svg .xtick').length >= {len(FIGURES)}")
    yield page, complaints, requests
    context.close()


def test_all_figures_are_drawn_without_an_error_or_a_request(opened):
    page, complaints, requests = opened

    assert complaints == []
    assert requests == []
    for name in FIGURES:
        figure = page.locator(f"#figure-{name}")
        assert figure.locator(".main-svg").first.is_visible()
        assert figure.locator(".trace, .hm, .points, .fills").count() > 0, name


def test_the_page_does_not_scroll_sideways(opened):
    page, _, _ = opened

    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_menus_change_what_is_shown(opened):
    page, complaints, _ = opened
    chosen = page.evaluate(
        """async () => {
            const element = document.getElementById("figure-coverage");
            const button = element.layout.updatemenus[0].buttons[1];
            await Plotly.update(element, ...button.args);
            return [button.label, Math.max(...element.data[2].y)];
        }"""
    )

    assert chosen == ["A · Service", 2.5]
    assert complaints == []
