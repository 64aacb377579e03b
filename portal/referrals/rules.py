"""The rules a referral must pass before it is sent. Syntax was checked by the forms."""

from datetime import date, timedelta

from portal.core import clock
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.directory.municipalities import resolve
from portal.referrals.choices import GIVEN_BY_SELF, SECRECY_LINES
from portal.referrals.filled import ConsentGiven, Household, Submission

OLDEST_CHILD_YEARS = 12
LONGEST_PREGNANCY = timedelta(days=300)


def check(submission: Submission) -> None:
    """Raise DomainError, with the form field it is about, for the first rule that says no."""
    check_boundaries(submission.crisis, submission.court_measure)
    check_consent(submission.consent)
    check_household(submission.household)
    if submission.health and not submission.consent.shares_health:
        raise DomainError(
            N_("Het gezin stemde niet in met het delen van gezondheidsinformatie."), "health"
        )
    resolve(submission.nis, submission.postcode)


def check_handing_over(submission: Submission) -> None:
    """What must be there before anything about the family goes to somebody else."""
    if not submission.identity.last_name or not submission.identity.first_name:
        raise DomainError(N_("Vul in wie de coördinator mag contacteren."), "first_name")
    if submission.consent.given_by == GIVEN_BY_SELF:
        return  # a parent keeps no professional secret
    if set(SECRECY_LINES) - set(submission.consent.secrecy_lines):
        raise DomainError(
            N_("Bevestig de vijf punten over het beroepsgeheim voor je verstuurt."),
            "secrecy_lines",
        )


def check_boundaries(crisis: bool, court_measure: bool) -> None:
    """Home-Start works preventively: a crisis is for others, a court measure asks a call first."""
    if crisis:
        raise DomainError(
            N_(
                "Home-Start is er niet voor crisissen. Bel 1712 of, bij direct gevaar, 112. "
                "Er is niets verstuurd."
            ),
            "crisis",
        )
    if court_measure:
        raise DomainError(
            N_("Bel bij een gerechtelijke maatregel eerst de coördinator van de werking."),
            "court_measure",
        )


def check_consent(consent: ConsentGiven) -> None:
    """No referral without the family knowing and agreeing, on a day that has been."""
    if not consent.informed:
        raise DomainError(N_("Verwijzen kan alleen als het gezin geïnformeerd is."), "informed")
    if not consent.agrees:
        raise DomainError(N_("Verwijzen kan alleen als het gezin instemt."), "agrees")
    check_given_on(consent.given_on)


def check_given_on(day: date) -> None:
    """A family said it on a day that has been, and not too long ago."""
    today = clock.today()
    if day > today:
        raise DomainError(N_("De datum van de instemming ligt in de toekomst."), "given_on")
    if day < today - timedelta(days=366):
        raise DomainError(
            N_("De instemming is ouder dan een jaar. Bespreek ze opnieuw met het gezin."),
            "given_on",
        )


def check_household(household: Household) -> None:
    """At least one child under twelve, or a pregnancy."""
    today = clock.today()
    month = today.replace(day=1)
    for child in household.children:
        if child.born > month:
            raise DomainError(
                N_("Een geboortemaand ligt in de toekomst. Vul die in bij de zwangerschap."),
                "children",
            )
    if household.due is not None and not month <= household.due <= today + LONGEST_PREGNANCY:
        raise DomainError(
            N_("De verwachte maand ligt in het verleden of meer dan negen maanden vooruit."),
            "due",
        )
    oldest = month.replace(year=month.year - OLDEST_CHILD_YEARS)
    young = any(child.born >= oldest for child in household.children)
    if not young and household.due is None:
        raise DomainError(
            N_(
                "Home-Start is er voor gezinnen met minstens één kind jonger dan 12, "
                "of een zwangerschap."
            ),
            "children",
        )
