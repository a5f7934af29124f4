"""Every word of the accuracy page, in each language; a test holds that none is missing."""

from __future__ import annotations

from typing import Literal

from api.figures.text import percent

Language = Literal["en", "fr"]

TEXTS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "Forecast accuracy",
        "intro": "What the method would have forecast from {origins}, each time {days} days ahead and knowing only what came "
        "before, held against what came. Days and hours are {clock}; volumes are {unit}.",
        "contacts": "contacts offered",
        "records": "records loaded",
        "clock": "{city} time",
        "bias": "Bias",
        "bias_note": "(forecast − actual) / actual; above 0: too much was forecast",
        "wape": "WAPE of intervals",
        "wape_note": "sum of |errors| / sum of actuals",
        "day_wape": "WAPE of days",
        "day_wape_note": "the same over whole days",
        "coverage": "Inside the 80 % band",
        "coverage_note": "of intervals; {wide} inside the 95 % band",
        "none": "–",
        "bands": "Accuracy by volume",
        "bands_note": "By the volume forecast for an interval: chance alone misses small volumes by much.",
        "band": "Forecast per interval",
        "band_open": "{low} and more",
        "band_between": "{low} to below {high}",
        "intervals": "Intervals",
        "volume": "Volume",
        "in_80": "In 80 % band",
        "in_95": "In 95 % band",
        "fan": "Forecast and what came",
        "fan_note": "The band should hold eight days of ten. Each origin's forecast begins anew.",
        "day_axis": "Day ({clock})",
        "per_day": "{unit} per day",
        "actual": "Actual",
        "mean": "Forecast (mean)",
        "band_80": "80 % band",
        "low": "10 %",
        "high": "90 %",
        "day": "Day",
        "members": "Who weighs how much, and why",
        "weight": "Weight",
        "member": "Member",
        "weight_axis": "Weight (%)",
        "weights_note": "In the forecast made now: {list}. From the past days above each alone missed by: {misses} "
        "(WAPE of days).",
        "m_Prophet": "Prophet",
        "m_average": "recent average",
        "m_smoothing": "smoothing",
        "m_boosting": "boosting",
        "who_wrong": "Which member is wrong when",
        "who_wrong_note": "Miss over days (WAPE). Days of holidays and events are told apart from weekdays.",
        "worst": "{member} is furthest behind {when}: it misses by {miss}, all members together by {all}.",
        "all_members": "all together",
        "calibration": "Calibration (PIT)",
        "calibration_note": "How often what came fell into each tenth of the forecast distribution: a tenth each is right. High "
        "ends: bands too narrow; a high middle: too wide; a slope: biased.",
        "pit_axis": "Quantile that came true (%)",
        "pit_share": "Share of cases (%)",
        "pit_days": "days",
        "pit_intervals": "intervals (forecast 5 or more)",
        "right": "calibrated: 10 %",
        "hours": "Error by hour and weekday",
        "hours_note": "Bias of each hour: plus, too much was forecast; minus, too little. Closed hours are empty.",
        "hour_axis": "Hour ({clock})",
        "weekday": "Weekday",
        "hour": "Hour",
        "components": "What the forecast is made of",
        "level": "An ordinary day open brings {value} {unit} on average.",
        "trend_flat": "The level stays as it is over the horizon.",
        "trend_up": "The level rises by {value} from the first to the last week.",
        "trend_down": "The level falls by {value} from the first to the last week.",
        "weekdays": "By weekday, against the mean: {list}.",
        "calendar": "The calendar moves these days: {list}.",
        "no_calendar": "No holiday or event moves a day by a tenth or more.",
        "method": "In the words of the program: {method}.",
        "span": "{first} to {last}",
        "table": "Table",
        "csv": "Download as CSV",
        "campaigns": "Campaigns",
        "no_hours": "Records are loaded for the day, not for an hour: only days are scored.",
        "special": "on holidays and events",
        "week": "in week {n} ahead",
        "on": "on {day}",
        "days": "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
    },
    "fr": {
        "title": "Précision des prévisions",
        "intro": "Ce que la méthode aurait prévu depuis {origins}, chaque fois à {days} jours et sans connaître la suite, face "
        "à ce qui est venu. Jours et heures : {clock} ; volumes : {unit}.",
        "contacts": "contacts présentés",
        "records": "fiches chargées",
        "clock": "heure de {city}",
        "bias": "Biais",
        "bias_note": "(prévu − réel) / réel ; au-dessus de 0 : trop prévu",
        "wape": "WAPE des intervalles",
        "wape_note": "somme des |écarts| / somme du réel",
        "day_wape": "WAPE des jours",
        "day_wape_note": "la même, sur des jours entiers",
        "coverage": "Dans la bande à 80 %",
        "coverage_note": "des intervalles ; {wide} dans la bande à 95 %",
        "none": "–",
        "bands": "Précision selon le volume",
        "bands_note": "Selon le volume prévu pour un intervalle : le hasard seul écarte beaucoup les petits volumes.",
        "band": "Prévu par intervalle",
        "band_open": "{low} et plus",
        "band_between": "de {low} à moins de {high}",
        "intervals": "Intervalles",
        "volume": "Volume",
        "in_80": "Dans la bande à 80 %",
        "in_95": "Dans la bande à 95 %",
        "fan": "La prévision et ce qui est venu",
        "fan_note": "La bande doit contenir huit jours sur dix. La prévision repart à chaque origine.",
        "day_axis": "Jour ({clock})",
        "per_day": "{unit} par jour",
        "actual": "Réel",
        "mean": "Prévision (moyenne)",
        "band_80": "Bande à 80 %",
        "low": "10 %",
        "high": "90 %",
        "day": "Jour",
        "members": "Qui pèse combien, et pourquoi",
        "weight": "Poids",
        "member": "Membre",
        "weight_axis": "Poids (%)",
        "weights_note": "Dans la prévision d'aujourd'hui : {list}. Depuis les jours passés ci-dessus, chacun seul s'est écarté "
        "de : {misses} (WAPE des jours).",
        "m_Prophet": "Prophet",
        "m_average": "moyenne récente",
        "m_smoothing": "lissage",
        "m_boosting": "boosting",
        "who_wrong": "Quel membre se trompe, et quand",
        "who_wrong_note": "Écart sur les jours (WAPE). Les jours fériés et d'événement sont comptés à part des jours de semaine.",
        "worst": "{member} est le plus en retard {when} : il s'écarte de {miss}, tous ensemble de {all}.",
        "all_members": "tous ensemble",
        "calibration": "Calibrage (PIT)",
        "calibration_note": "Combien de fois le réel est tombé dans chaque dixième de la distribution prévue : un dixième "
        "partout est juste. Bords hauts : bandes trop étroites ; milieu haut : trop larges ; pente : biais.",
        "pit_axis": "Quantile réalisé (%)",
        "pit_share": "Part des cas (%)",
        "pit_days": "jours",
        "pit_intervals": "intervalles (prévision de 5 ou plus)",
        "right": "calibré : 10 %",
        "hours": "Erreur par heure et jour de semaine",
        "hours_note": "Biais de chaque heure : plus, trop prévu ; moins, trop peu. Les heures fermées sont vides.",
        "hour_axis": "Heure ({clock})",
        "weekday": "Jour de semaine",
        "hour": "Heure",
        "components": "De quoi la prévision est faite",
        "level": "Un jour ouvert ordinaire apporte en moyenne {value} {unit}.",
        "trend_flat": "Le niveau reste le même sur l'horizon.",
        "trend_up": "Le niveau monte de {value} de la première à la dernière semaine.",
        "trend_down": "Le niveau baisse de {value} de la première à la dernière semaine.",
        "weekdays": "Selon le jour, face à la moyenne : {list}.",
        "calendar": "Le calendrier déplace ces jours : {list}.",
        "no_calendar": "Aucun jour férié ni événement ne déplace un jour d'un dixième ou plus.",
        "method": "Dans les mots du programme, en anglais : {method}.",
        "span": "{first} au {last}",
        "table": "Tableau",
        "csv": "Télécharger en CSV",
        "campaigns": "Campagnes",
        "no_hours": "Les fiches sont chargées pour le jour, non pour une heure : seuls les jours sont jugés.",
        "special": "les jours fériés et d'événement",
        "week": "en semaine {n} d'horizon",
        "on": "le {day}",
        "days": "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche",
    },
}


class Words:
    """The texts of one language: `words("clock", city="Paris")`."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._texts = TEXTS[language]

    def __call__(self, key: str, **values: object) -> str:
        return self._texts[key].format(**values)

    @property
    def weekdays(self) -> list[str]:
        return self._texts["days"].split("|")

    def percent(self, share: float, decimals: int = 1) -> str:
        """A share in %, with the language's decimal mark."""
        return self.marked(percent(share, decimals))

    def marked(self, number: str) -> str:
        return number.replace(".", ",") if self.language == "fr" else number

    def member(self, name: str) -> str:
        """A member's name; its own where there is no other."""
        return self._texts.get(f"m_{name}", name)

    def condition(self, name: str) -> str:
        """A condition of `models.forecast.accuracy` in words that follow a verb."""
        kind, _, number = name.partition(" ")
        if kind == "weekday":
            return self("on", day=self.weekdays[int(number) - 1])
        return self("week", n=number) if kind == "week" else self("special")
