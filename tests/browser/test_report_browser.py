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


@pytest.fixture(scope="module", params=[1400, 400])
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


def test_a_long_name_does_not_make_the_page_scroll_sideways(opened):
    page, _, _ = opened
    before = page.evaluate("document.querySelector('h1').textContent")
    page.evaluate("document.querySelector('h1').textContent = 'contact_history_of_two_years_30_minutes_each'")
    width = page.evaluate("document.documentElement.scrollWidth")
    page.evaluate("name => document.querySelector('h1').textContent = name", before)

    assert width <= page.viewport_size["width"]


def test_charts_fit_the_paper_when_printed_and_the_window_again_after(opened):
    page, complaints, _ = opened
    widths = "[...document.querySelectorAll('.figure')].map(one => one._fullLayout.width)"
    before = page.evaluate(widths)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    printed = page.evaluate(widths)
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")

    assert printed == [700] * len(FIGURES)
    assert page.evaluate(widths) == before
    assert complaints == []


def test_every_choice_of_every_menu_keeps_axes_readable(opened):
    page, complaints, _ = opened
    ticks = page.evaluate(
        """async (names) => {
            const found = {};
            for (const name of names) {
                const element = document.getElementById("figure-" + name);
                for (const menu of element.layout.updatemenus || []) for (const button of menu.buttons)
                    await Plotly[button.method](element, ...button.args);
                found[name] = [...element.querySelectorAll(".xtick text")].map(one => one.textContent);
            }
            return found;
        }""",
        list(FIGURES),
    )

    assert complaints == []
    assert ticks["roster_gantt"][0] == ("08:00" if page.viewport_size["width"] > 700 else "09:00")
    assert page.evaluate("document.getElementById('figure-roster_gantt')._fullLayout.yaxis.range") == [2.5, -0.5]
    assert ticks["coverage"][0].startswith("Mon")
    assert all("Nov" in text or "Dec" in text for text in ticks["forecast_fan"])


def test_a_menu_changes_what_is_shown(opened):
    page, complaints, _ = opened
    figure = page.locator("#figure-coverage")
    figure.locator(".updatemenu-header").first.click()
    figure.locator(".updatemenu-dropdown-button").nth(1).click()
    page.wait_for_function("document.getElementById('figure-coverage').layout.updatemenus[0].active === 1")

    assert page.evaluate("Math.max(...document.getElementById('figure-coverage').data[2].y)") == 2.5
    assert complaints == []
