"""The report: one self-contained HTML page that says what a plan costs, how good it provably is, and shows why."""

from __future__ import annotations

from plotly.offline import get_plotlyjs

from api.figures import FIGURES, TABLES, PlanView
from api.figures.activity_key import activity_keys
from api.report_facts import campaign_rows, headline, largest_purchases, largest_shortages, service_definitions
from api.report_law import advice_lines, call_sentences, packs_obeyed
from api.report_page import data_uri, drawn, environment
from api.report_simulation import simulation_section
from data.export.advice import advice_csv
from data.export.compliance import compliance_csv
from wfm.check import check_plan

ROWS_SHOWN = 200
"""Rows of a table that the page itself shows; its CSV has all of them."""

SECTIONS: dict[str, tuple[str, str]] = {
    "coverage": (
        "Required and planned agents",
        ("Where the dotted line lies above the coloured areas, agents are missing; where it lies below, some are spare. "
        "It opens on the week with the most work: choose a campaign or another week, or drag the slider below. Outbound and "
        "deferrable work is drawn when the plan does it, because it may wait until its deadline."),
    ),
    "coverage_heatmap": (
        "Over- and understaffing",
        ("Blue with a plus sign: more agents than the work takes; brown with a minus sign: fewer; an empty cell: within half "
        "an agent. Some surplus is cheaper than none: partners sell whole blocks of seats and hours, and shifts cover the "
        "valleys between peaks. In the view of all campaigns, one's surplus hides another's lack: choose a campaign to see "
        "it alone."),
    ),
    "cost_waterfall": (
        "What the plan costs",
        ("Each block adds to the one above it; the last bar is the total of the bill. Contract wages are due "
        "whatever is planned; everything else can be changed by planning."),
    ),
    "purchases": (
        "What is bought from partners",
        ("Productive hours and their cost per week. Prices in tiers and minimum billing hold for the plan as a whole, "
        "so a partner's bill is spread over its weeks in proportion to the hours."),
    ),
    "forecast_fan": (
        "What is expected, and how sure that is",
        ("The dashed line is the mean forecast. Of ten days, about eight should fall inside the dark band, and of twenty, "
        "nineteen inside the light one. Shaded days: a campaign event such as a mailing. Closed days are left out."),
    ),
    "service_price": (
        "What a better service level costs",
        ("Each line says what one further point of service level costs over the plan, from the level on its left; the large dot "
        "is the campaign's target. Productive hours of own agents at their mean cost, before rounding to whole shifts. The "
        "nearer to 100 %, the dearer a point; a flat line near 0 means that the cap on occupancy gives it anyway."),
    ),
    "roster_gantt": (
        "Who works when",
        ("It opens on the day with the most agents; choose another. One row an agent, earliest start at the top; the letter "
        "in a bar is the campaign's. "
        "Hatched white: break; dotted grey: paid time that no campaign needs, free for training."),
    ),
}  # fmt: skip


def render_report(view: PlanView, *, accuracy: str | None = None) -> str:
    """The page as HTML text. The independent checker judges the plan anew for it. `accuracy`: address of the page that says how
    good forecasts have been, where there is one.
    """
    inputs = view.case, view.requirement, view.plan
    violations = check_plan(*inputs)
    return environment().get_template("report.html").render(
        case=view.case, plan=view.plan, head=headline(view), violations=violations,
        sections=[_section(view, name) for name in SECTIONS], campaigns=campaign_rows(view),
        definitions=service_definitions(view), shortages=largest_shortages(view), purchases=largest_purchases(view),
        methods=sorted({entry.method for entry in view.forecast.campaigns}), plotly_js=get_plotlyjs(),
        keys=activity_keys(view), clock=view.clock, rows_shown=ROWS_SHOWN,
        compliance=view.compliance, calls=call_sentences(view), packs=packs_obeyed(view), advice=advice_lines(view),
        compliance_file=data_uri(compliance_csv(*inputs)), advice_file=data_uri(advice_csv(*inputs)),
        simulation=simulation_section(view, None), accuracy=accuracy,
    )  # fmt: skip


def _section(view: PlanView, name: str) -> dict[str, object]:
    return drawn(name, *SECTIONS[name], FIGURES[name](view), TABLES[name](view))
