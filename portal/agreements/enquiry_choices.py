"""What somebody who asks about working together can choose from."""

from portal.core.i18n import N_
from portal.directory.kinds import OrganisationKind

# How far the idea is carried (draagvlak).
SUPPORT = {
    "carried": N_("Ja: het bestuur of bestuursorgaan staat erachter"),
    "discussed": N_("Deels: het is besproken, er is nog geen standpunt"),
    "to_discuss": N_("Nog niet: ik verken eerst"),
}
BUDGET = {
    "planned": N_("Ja, het staat in het meerjarenplan of de begroting"),
    "sought": N_("We zoeken middelen, alleen of met partners"),
    "unknown": N_("Nog niet bekeken"),
}
KINDS = {
    OrganisationKind.GEMEENTE.value: N_("Gemeente of stad"),
    OrganisationKind.OCMW.value: N_("OCMW"),
    OrganisationKind.VGC.value: N_("Vlaamse Gemeenschapscommissie (VGC)"),
    OrganisationKind.HUIS_VAN_HET_KIND.value: N_("Huis van het Kind"),
    OrganisationKind.VZW.value: N_("Vzw"),
    OrganisationKind.OTHER.value: N_("Andere"),
}
