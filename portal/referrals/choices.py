"""The lists people choose from: codes that are stored, Dutch texts that are shown.

Indicators, support questions and kinds of referrers are those of Home-Start's own description;
reference shares come from there too and keep their denominator.
"""

from dataclasses import dataclass
from enum import StrEnum

from portal.core.i18n import N_


class Feedback(StrEnum):
    """What the family lets the referrer hear."""

    NONE = "none"
    STATUS = "status"
    OUTCOME = "outcome"


FEEDBACK = {
    Feedback.OUTCOME: N_("De verwijzer mag horen hoe het verloopt en hoe het afloopt"),
    Feedback.STATUS: N_("De verwijzer mag alleen de stand van zaken horen"),
    Feedback.NONE: N_("De verwijzer hoort alleen dat de verwijzing ontvangen en afgehandeld is"),
}


@dataclass(frozen=True)
class Indicator:
    """A characteristic of the situation; `share` is the seed's, of `per`."""

    code: str
    label: str
    share: float | None = None
    per: str = "families"
    health: bool = False


INDICATORS = (
    Indicator("financial", N_("Financieel kwetsbaar"), 0.45),
    Indicator("single_parent", N_("Alleenstaande ouder"), 0.45),
    Indicator("perinatal", N_("Rond een geboorte (zwangerschap of baby)"), 0.30, "trajectories"),
    Indicator("young_parents", N_("Tienerouder of heel jonge ouder"), 0.07, "parents"),
    Indicator("newcomer", N_("Nieuwkomer: minder dan 5 jaar in België"), 0.15),
    Indicator("small_network", N_("Beperkt netwerk, weinig mensen om op terug te vallen")),
    Indicator("upbringing", N_("Onzeker over of nood aan steun bij de opvoeding")),
    Indicator("school", N_("Nood aan schoolse ondersteuning")),
    Indicator("language", N_("Nood aan taalondersteuning")),
    Indicator("mental", N_("Gezinslid met een psychische kwetsbaarheid"), 0.44, health=True),
    Indicator("physical", N_("Gezinslid met een fysieke beperking"), 0.15, health=True),
)
HEALTH_CODES = frozenset(i.code for i in INDICATORS if i.health)
INDICATOR_LABELS = {i.code: i.label for i in INDICATORS}

# The three groups of volunteer tasks.
TASK_GROUPS = {
    N_("Opvoeding en talentontwikkeling"): {
        "rest": N_("Even rust voor de ouder, het gevoel er niet alleen voor te staan"),
        "play": N_("Samen zorgen, spelen, sporten en lezen met de kinderen"),
        "outing": N_("Samen naar film, theater of een uitstap"),
        "listening": N_("Een luisterend oor"),
        "schoolwork": N_("Schoolse ondersteuning"),
    },
    N_("Een sociaal netwerk herstellen en opbouwen"): {
        "threshold": N_("De drempel naar het gewone aanbod verkleinen, contacten leggen"),
        "leisure": N_("Samen een vrijetijdsbesteding zoeken"),
        "neighbourhood": N_("Op weg naar buurtwerk, oudergroep op school of Nederlandse les"),
    },
    N_("Werken aan grondrechten en verbinding"): {
        "paperwork": N_("Hulp bij de thuisadministratie"),
        "way": N_("De weg wijzen in administratie en hulpverlening"),
        "services": N_("Aanmoedigen en meegaan naar diensten en hulpverlening"),
        "bridges": N_("Belangen behartigen en bruggen bouwen"),
    },
}
TASK_LABELS = {code: label for group in TASK_GROUPS.values() for code, label in group.items()}

# The tasks as a parent asks for them.
TASKS_HERSELF = {
    "rest": N_("Af en toe eens rust voor mezelf"),
    "listening": N_("Iemand die naar me luistert"),
    "play": N_("Iemand die met mijn kinderen speelt of leest"),
    "schoolwork": N_("Hulp bij het huiswerk van mijn kinderen"),
    "leisure": N_("Mensen leren kennen, leuke dingen doen"),
    "paperwork": N_("Hulp met papieren en brieven"),
    "services": N_("Iemand die meegaat naar een dienst of een afspraak"),
}

RELATIONS = {
    "guidance": N_("Ik begeleid dit gezin"),
    "regular": N_("Ik zie dit gezin geregeld (opvang, school, consultatie)"),
    "once": N_("Ik had een eenmalig contact met dit gezin"),
    "other": N_("Andere"),
}
GIVEN_BY = {
    "mother": N_("Moeder"),
    "father": N_("Vader"),
    "both": N_("Beide ouders"),
    "guardian": N_("Een andere persoon met ouderlijk gezag"),
}
# Where a parent asks for herself.
SELF_LABEL = N_("Zelfaanmelding")
# Where a branch took its own list over.
LIST_LABEL = N_("Overgenomen uit lijst")
GIVEN_BY_SELF = "self"
MANNER_ONLINE = "online"
GIVEN_BY_HERSELF = {GIVEN_BY_SELF: N_("De ouder zelf")}
MANNERS_HERSELF = {MANNER_ONLINE: N_("Zelf aangevinkt op het formulier voor ouders")}
MANNERS = {
    "spoken": N_("Mondeling, in gesprek met mij"),
    "written": N_("Schriftelijk, op een ondertekend formulier"),
}
# As a coordinator notes what a family said later on.
MANNERS_LATER = {**MANNERS, "phone": N_("Aan de telefoon, in gesprek met mij")}
MANNERS_TO_BRANCH = {
    "spoken": N_("Mondeling, in gesprek met de afdeling"),
    "written": N_("Schriftelijk, bij de afdeling"),
}
CONTACT_MODES = {
    "may_call": N_("De coördinator mag het gezin bellen"),
    "family_calls": N_("Het gezin neemt zelf contact op"),
}
LANGUAGES = {
    "nl": N_("Nederlands"), "fr": N_("Frans"), "en": N_("Engels"), "ar": N_("Arabisch"),
    "tr": N_("Turks"), "ber": N_("Berbers (Tamazight)"), "ps": N_("Pasjtoe"),
    "fa": N_("Dari of Farsi"),
    "pl": N_("Pools"), "ro": N_("Roemeens"), "bg": N_("Bulgaars"), "uk": N_("Oekraïens"),
    "ru": N_("Russisch"), "so": N_("Somalisch"), "ti": N_("Tigrinya"), "es": N_("Spaans"),
    "pt": N_("Portugees"), "sq": N_("Albanees"), "sign": N_("Vlaamse Gebarentaal"),
    "other": N_("Een andere taal"),
}  # fmt: skip
OTHER_SERVICES = {
    "ocmw": N_("OCMW"), "caw": N_("CAW"), "kind_en_gezin": N_("Kind en Gezin"), "clb": N_("CLB"),
    "school": N_("School"), "childcare": N_("Kinderopvang"), "ckg": N_("CKG"), "gp": N_("Huisarts"),
    "midwife": N_("Vroedvrouw of kraamzorg"), "mental_care": N_("Geestelijke gezondheidszorg"),
    "home_help": N_("Gezinszorg"), "youth_care": N_("Jeugdhulp"), "integration": N_("Inburgering"),
    "other": N_("Een andere dienst"),
}  # fmt: skip
YES_NO_UNKNOWN = {"yes": N_("Ja"), "no": N_("Nee"), "unknown": N_("Weet ik niet")}

# Shared professional secrecy rests on these five, each confirmed before sending.
SECRECY_LINES = {
    "bound": N_(
        "Ik deel deze informatie met een coördinator die ook door beroepsgeheim gebonden is."
    ),
    "purpose": N_("Ik deel ze met hetzelfde doel: dit gezin ondersteunen."),
    "necessary": N_("Ik deel alleen wat nodig is voor de intake."),
    "informed": N_("Het gezin weet wat ik doorgeef en is het daarmee eens."),
    "interest": N_("Dit is in het belang van het gezin."),
}

DECLINE_REASONS = {
    "professional_help": N_("Andere, meer gespecialiseerde hulp past nu beter"),
    "outside_target": N_("De vraag past niet bij wat een vrijwilliger kan bieden"),
    "other_offer": N_("Een ander aanbod in de buurt sluit beter aan"),
    "family_prefers_not": N_("Het gezin kiest na het gesprek liever niet voor Home-Start"),
    "not_reached": N_("We konden het gezin niet bereiken"),
    "no_capacity": N_("Er is de komende maanden geen vrijwilliger beschikbaar"),
}
WITHDRAWAL_REASONS = {
    "family_choice": N_("Het gezin wenst geen ondersteuning meer"),
    "other_help": N_("Het gezin vond andere hulp"),
    "moved": N_("Het gezin verhuist"),
    "mistake": N_("De verwijzing gebeurde per vergissing"),
    "other": N_("Andere reden"),
}
CLOSING_REASONS = {
    "goals_reached": N_("Het gezin kan verder, de doelen zijn bereikt"),
    "moved": N_("Het gezin is verhuisd"),
    "stopped_by_family": N_("Het gezin heeft de ondersteuning gestopt"),
    "stopped_by_volunteer": N_("De vrijwilliger is gestopt"),
    "professional_help": N_("Professionele hulp neemt het over"),
    "other": N_("Andere reden"),
}
# Why a match ends while the trajectory goes on with another volunteer.
MATCH_ENDINGS = {
    "volunteer_stops": N_("De vrijwilliger stopt"),
    "family_asks_other": N_("Het gezin vraagt een andere vrijwilliger"),
    "practical": N_("Het past praktisch niet meer"),
    "other": N_("Andere reden"),
}
MATCH_END_LABELS = {
    **MATCH_ENDINGS,
    "family_no": N_("Het gezin koos hier niet voor"),
    "volunteer_no": N_("De vrijwilliger koos hier niet voor"),
    "ended": N_("De ondersteuning van het gezin eindigde"),
    "transferred": N_("Overgedragen aan een andere afdeling"),
}
PAUSE_REASONS = {
    "holiday": N_("Vakantie"),
    "illness": N_("Ziekte"),
    "family": N_("Het gezin vraagt even tijd"),
    "other": N_("Andere reden"),
}
FOLLOW_UP_RESULTS = {
    "well": N_("Het gezin kan verder"),
    "question": N_("Het gezin heeft een nieuwe vraag"),
    "not_reached": N_("Niet bereikt"),
    "no_contact": N_("Het gezin wil geen contact meer"),
}
LAST_EVALUATION = {
    "done": N_("Die is gebeurd en genoteerd"),
    "planned": N_("Die is nog gepland"),
    "none": N_("Die komt er niet: het gezin wil of kan niet"),
}
TRANSFER_REASONS = {
    "moved": N_("Het gezin verhuisde of verhuist binnenkort"),
    "route": N_("De verwijzing kwam bij de verkeerde afdeling terecht"),
}
PRIORITIES = {0: N_("Gewone volgorde"), 1: N_("Voorrang")}
