"""What an organisation can be, and what follows from it."""

from enum import StrEnum

from portal.core.i18n import N_


class OrganisationKind(StrEnum):
    """The referring services of the seed, the partners of an agreement, and HSV itself."""

    OCMW = "ocmw"
    HUIS_VAN_HET_KIND = "huis_van_het_kind"
    CLB = "clb"
    BUURTWERK = "buurtwerk"
    KINDEROPVANG = "kinderopvang"
    SOCIALE_DIENST = "sociale_dienst"
    CAW = "caw"
    CIG = "cig"
    CKG = "ckg"
    OCJ = "ocj"
    PERINATAAL_NETWERK = "perinataal_netwerk"
    HUISARTS = "huisarts"
    VROEDVROUW = "vroedvrouw"
    SCHOOL = "school"
    KIND_EN_GEZIN = "kind_en_gezin"
    WIJKGEZONDHEIDSCENTRUM = "wijkgezondheidscentrum"
    GEMEENTE = "gemeente"
    VGC = "vgc"
    VZW = "vzw"
    HSV = "hsv"
    OTHER = "other"

    @property
    def label(self) -> str:
        """Return the Dutch name (a message id)."""
        return LABELS[self]

    @property
    def is_local_government(self) -> bool:
        """Say whether this is a municipality or OCMW, whose councils decide on agreements."""
        return self in LOCAL_GOVERNMENTS

    @property
    def refers_families(self) -> bool:
        """Say whether people of such an organisation may refer families."""
        return self not in _NEVER_REFER

    @property
    def may_be_partner(self) -> bool:
        """Say whether such an organisation may be a party to an agreement with HSV."""
        return self not in _NEVER_PARTNER


LABELS: dict[OrganisationKind, str] = {
    OrganisationKind.OCMW: N_("OCMW"),
    OrganisationKind.HUIS_VAN_HET_KIND: N_("Huis van het Kind"),
    OrganisationKind.CLB: N_("CLB"),
    OrganisationKind.BUURTWERK: N_("Buurtwerk"),
    OrganisationKind.KINDEROPVANG: N_("Kinderopvang"),
    OrganisationKind.SOCIALE_DIENST: N_("Sociale dienst"),
    OrganisationKind.CAW: N_("CAW"),
    OrganisationKind.CIG: N_("CIG"),
    OrganisationKind.CKG: N_("CKG"),
    OrganisationKind.OCJ: N_("OCJ"),
    OrganisationKind.PERINATAAL_NETWERK: N_("Perinataal netwerk"),
    OrganisationKind.HUISARTS: N_("Huisarts"),
    OrganisationKind.VROEDVROUW: N_("Vroedvrouw"),
    OrganisationKind.SCHOOL: N_("School"),
    OrganisationKind.KIND_EN_GEZIN: N_("Kind en Gezin"),
    OrganisationKind.WIJKGEZONDHEIDSCENTRUM: N_("Wijkgezondheidscentrum"),
    OrganisationKind.GEMEENTE: N_("Gemeentebestuur"),
    OrganisationKind.VGC: N_("Vlaamse Gemeenschapscommissie (VGC)"),
    OrganisationKind.VZW: N_("Vzw"),
    OrganisationKind.HSV: N_("Home-Start Vlaanderen"),
    OrganisationKind.OTHER: N_("Andere"),
}

LOCAL_GOVERNMENTS = frozenset({OrganisationKind.GEMEENTE, OrganisationKind.OCMW})
_NEVER_REFER = frozenset({OrganisationKind.VGC, OrganisationKind.HSV})
# One practitioner is no partner for years; HSV is the other party.
_NEVER_PARTNER = frozenset(
    {OrganisationKind.HUISARTS, OrganisationKind.VROEDVROUW, OrganisationKind.HSV}
)


class LanguageRegime(StrEnum):
    """The languages a municipality uses towards its inhabitants."""

    DUTCH = "dutch"
    FACILITIES = "facilities"
    BILINGUAL = "bilingual"

    @property
    def label(self) -> str:
        """Return the Dutch description (a message id)."""
        return _REGIMES[self]


_REGIMES: dict[LanguageRegime, str] = {
    LanguageRegime.DUTCH: N_("Nederlands"),
    LanguageRegime.FACILITIES: N_("Nederlands, met faciliteiten voor Franstaligen"),
    LanguageRegime.BILINGUAL: N_("Nederlands en Frans"),
}


class Source(StrEnum):
    """Who answers for the data of an organisation."""

    REFERENCE = "reference"
    STAFF = "staff"
