"""Case -> what is expected: the forecast, with known lists to dial in place of guessed loads, and the planner's hand."""

from __future__ import annotations

from models.engine.engine import LOCAL, Engine
from models.forecast.forecast import forecast_case
from models.forecast.overrides import overridden
from models.staffing.list_forecast import list_forecast
from wfm.campaign import Channel
from wfm.case import Case
from wfm.demand import Forecast
from wfm.history import CampaignHistory
from wfm.progress import OnProgress, Stop, never, silent


def expected(
    case: Case,
    histories: dict[str, CampaignHistory],
    *,
    seed: int,
    workers: int = 1,
    engine: Engine = LOCAL,
    on_progress: OnProgress = silent,
    stop: Stop = never,
) -> Forecast:
    """`forecast_case`, then `list_forecast` of every outbound campaign, then the case's overrides. Raises WfmError as they do."""
    modelled = forecast_case(
        case, histories, seed=seed, workers=workers, engine=engine, on_progress=on_progress, stop=stop
    )
    return with_hand(case, histories, modelled)


def with_hand(case: Case, histories: dict[str, CampaignHistory], modelled: Forecast) -> Forecast:
    """What `expected` makes of the forecast of the models alone, which no list and no override moves."""
    made = []
    for entry in modelled.campaigns:
        campaign = case.campaign_by_id[entry.campaign]
        outbound = campaign.channel is Channel.OUTBOUND and campaign.second_call_of is None
        known = list_forecast(case, campaign, histories, entry) if outbound else entry
        made.append(overridden(case, campaign, known, case.overrides))
    return modelled.model_copy(update={"case_hash": case.content_hash(), "campaigns": tuple(made)})
