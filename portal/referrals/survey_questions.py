"""What referrers and parents are asked afterwards: four short questions, each from 0 to 5."""

from enum import StrEnum

from portal.core.i18n import N_


class Audience(StrEnum):
    REFERRER = "referrer"
    PARENT = "parent"


class Moment(StrEnum):
    """After which step of a referral somebody is asked."""

    DECISION = "decision"
    END = "end"


REFERRER_QUESTIONS = {
    "easy": N_("Een gezin verwijzen ging vlot."),
    "contact": N_("Er was snel contact met het gezin."),
    "informed": N_("Ik wist voldoende hoe het met mijn verwijzing stond."),
    "again": N_("Ik zou opnieuw naar Home-Start verwijzen."),
}
# As a parent with little Dutch reads it.
PARENT_QUESTIONS = {
    "listened": N_("De vrijwilliger luisterde naar mij."),
    "helped": N_("De bezoeken hielpen mij en mijn kinderen."),
    "people": N_("Ik ken nu meer mensen of plekken waar ik hulp kan vragen."),
    "again": N_("Ik zou Home-Start aanraden aan een andere ouder."),
}
QUESTIONS = {Audience.REFERRER: REFERRER_QUESTIONS, Audience.PARENT: PARENT_QUESTIONS}
SCALE = {
    5: N_("5: helemaal waar"),
    4: N_("4: waar"),
    3: N_("3: eerder waar"),
    2: N_("2: eerder niet waar"),
    1: N_("1: niet waar"),
    0: N_("0: helemaal niet waar"),
}
