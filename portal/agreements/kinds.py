"""What the terms of an agreement can be: packages, bodies, shares, indexes."""

from enum import StrEnum

from portal.core.i18n import N_


class Formula(StrEnum):
    """Who builds and coordinates the branch."""

    EXPERT = "A"
    COORDINATOR = "B"
    CUSTOM = "C"

    @property
    def label(self) -> str:
        """Return the Dutch name (a message id)."""
        return _FORMULAS[self]


_FORMULAS = {
    Formula.EXPERT: N_("Pakket A: Home-Startexpert"),
    Formula.COORDINATOR: N_("Pakket B: Home-Startcoördinator"),
    Formula.CUSTOM: N_("Pakket C: andere formule"),
}


class Goal(StrEnum):
    START = "start"
    STRENGTHEN = "strengthen"
    BOTH = "both"

    @property
    def label(self) -> str:
        """Return the Dutch words (a message id)."""
        return _GOALS[self]


_GOALS = {
    Goal.START: N_("een nieuwe werking opstarten"),
    Goal.STRENGTHEN: N_("een bestaande werking versterken"),
    Goal.BOTH: N_("een werking opstarten en versterken"),
}


class DecidingBody(StrEnum):
    """The body that decides for a party. Who signs follows from it."""

    COUNCIL = "council"
    COLLEGE = "college"
    WELFARE_COUNCIL = "welfare_council"
    PERMANENT_BUREAU = "permanent_bureau"
    VGC_COLLEGE = "vgc_college"
    BOARD = "board"

    @property
    def label(self) -> str:
        """Return the Dutch name (a message id)."""
        return _BODIES[self]


_BODIES = {
    DecidingBody.COUNCIL: N_("gemeenteraad"),
    DecidingBody.COLLEGE: N_("college van burgemeester en schepenen"),
    DecidingBody.WELFARE_COUNCIL: N_("raad voor maatschappelijk welzijn"),
    DecidingBody.PERMANENT_BUREAU: N_("vast bureau"),
    DecidingBody.VGC_COLLEGE: N_("College van de Vlaamse Gemeenschapscommissie"),
    DecidingBody.BOARD: N_("bestuursorgaan"),
}


class ShareKind(StrEnum):
    PERCENTAGE = "percentage"
    FIXED = "fixed"
    INHABITANTS = "inhabitants"

    @property
    def label(self) -> str:
        """Return the Dutch words (a message id)."""
        return _SHARES[self]


_SHARES = {
    ShareKind.PERCENTAGE: N_("Percentage"),
    ShareKind.FIXED: N_("Vast bedrag per jaar"),
    ShareKind.INHABITANTS: N_("Volgens aantal inwoners"),
}


class IndexKind(StrEnum):
    NONE = "none"
    HEALTH = "health"
    SPIL = "spil"

    @property
    def label(self) -> str:
        """Return the Dutch name (a message id)."""
        return _INDEXES[self]


_INDEXES = {
    IndexKind.NONE: N_("Geen indexering"),
    IndexKind.HEALTH: N_("Gezondheidsindex, alle lijnen"),
    IndexKind.SPIL: N_("Spilindex, alleen de loonlijnen"),
}


class Renewal(StrEnum):
    EXPRESS = "express"
    TACIT = "tacit"

    @property
    def label(self) -> str:
        """Return the Dutch words (a message id)."""
        return _RENEWALS[self]


_RENEWALS = {
    Renewal.EXPRESS: N_("uitdrukkelijk, met een addendum na evaluatie"),
    Renewal.TACIT: N_("stilzwijgend"),
}


class PaymentDocument(StrEnum):
    INVOICE = "invoice"
    CLAIM = "claim"

    @property
    def label(self) -> str:
        """Return the Dutch word (a message id)."""
        return _DOCUMENTS[self]


_DOCUMENTS = {
    PaymentDocument.INVOICE: N_("factuur"),
    PaymentDocument.CLAIM: N_("schuldvordering"),
}
