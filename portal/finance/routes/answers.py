"""What an access point's answer means: try again, or what a person must do."""

from portal.core.i18n import N_
from portal.core.outbox import PermanentError, TryAgainError

_LATER = frozenset({408, 409, 425, 429})
_KEY = frozenset({401, 403})
WRONG_KEY = N_(
    "Het toegangspunt aanvaardt onze sleutel niet. Vraag een beheerder om PORTAL_PEPPOL_KEY na te "
    "kijken en verzend daarna opnieuw."
)
REFUSED = N_(
    "Het toegangspunt weigert dit document. Kijk het Peppol-adres van de partner na, of kies een "
    "ander kanaal."
)


def refusal(status_code: int) -> Exception:
    """Return the error for an HTTP status that is no success."""
    if status_code >= 500 or status_code in _LATER:
        return TryAgainError(
            f"Het toegangspunt vraagt om later opnieuw te proberen ({status_code})."
        )
    return PermanentError(WRONG_KEY if status_code in _KEY else REFUSED)


def unreachable(error: Exception) -> Exception:
    """Return the error for an access point that does not answer."""
    return TryAgainError(f"Het toegangspunt is niet bereikbaar ({type(error).__name__}).")
