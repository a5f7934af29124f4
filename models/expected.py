"""Case -> what is expected: the forecast, with known lists to dial in place of guessed loads."""

from __future__ import annotations

from models.engine.engine import LOCAL, Engine
from models.forecast.forecast import forecast_case
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
    """`forecast_case`, then `list_forecast` of every outbound campaign. Raises WfmError as they do."""
    forecast = forecast_case(
        case, histories, seed=seed, workers=workers, engine=engine, on_progress=on_progress, stop=stop
    )
    made = []
    for entry in forecast.campaigns:
        campaign = case.campaign_by_id[entry.campaign]
        outbound = campaign.channel is Channel.OUTBOUND and campaign.second_call_of is None
        made.append(list_forecast(case, campaign, histories[campaign.id], entry) if outbound else entry)
    return forecast.model_copy(update={"campaigns": tuple(made)})
