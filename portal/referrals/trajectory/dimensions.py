"""What parents score themselves on, from 0 to 5: Home-Start's outcome measures for the goals of
Home-Start Vlaanderen.
"""

from dataclasses import dataclass
from enum import StrEnum

from portal.core.i18n import N_

BEST = 5


class Dimension(StrEnum):
    NETWORK = "network"
    SELF_RELIANCE = "self_reliance"
    CONFIDENCE = "confidence"
    SKILLS = "skills"
    SUPPORT = "support"
    RESILIENCE = "resilience"
    SERVICES = "services"
    PARTICIPATION = "participation"
    RIGHTS = "rights"


class Unanswered(StrEnum):
    """Why there is no score."""

    NOT_ASKED = "not_asked"
    DECLINED = "declined"


@dataclass(frozen=True)
class Asked:
    """A dimension as the branch calls it, and as it is put to the parents."""

    label: str
    question: str


ASKED = {
    Dimension.NETWORK: Asked(N_("Netwerk"), N_("Heb je mensen om op terug te vallen?")),
    Dimension.SELF_RELIANCE: Asked(
        N_("Zelfredzaamheid"), N_("Lukt het je om je plan te trekken in het dagelijkse leven?")
    ),
    Dimension.CONFIDENCE: Asked(N_("Zelfvertrouwen"), N_("Geloof je in jezelf als ouder?")),
    Dimension.SKILLS: Asked(
        N_("Vaardigheden"), N_("Lukt het je om met je kinderen om te gaan zoals je wilt?")
    ),
    Dimension.SUPPORT: Asked(N_("Ervaren steun"), N_("Voel je je gesteund?")),
    Dimension.RESILIENCE: Asked(N_("Draagkracht"), N_("Kun je de drukte en de zorgen aan?")),
    Dimension.SERVICES: Asked(
        N_("Gebruik van voorzieningen"), N_("Vind je de weg naar diensten die je nodig hebt?")
    ),
    Dimension.PARTICIPATION: Asked(
        N_("Vrije tijd en deelname"), N_("Doen jullie mee: sport, cultuur, jeugd, de buurt?")
    ),
    Dimension.RIGHTS: Asked(
        N_("Rechten en administratie"),
        N_("Zijn je papieren in orde en krijg je waar je recht op hebt?"),
    ),
}
UNANSWERED = {
    Unanswered.NOT_ASKED: N_("Niet gevraagd"),
    Unanswered.DECLINED: N_("Liever niet"),
}
