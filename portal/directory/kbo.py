"""Enterprise numbers of the Kruispuntbank van Ondernemingen (KBO): ten digits, 0 or 1 first."""

from stdnum.be import vat
from stdnum.exceptions import ValidationError

from portal.core.errors import DomainError
from portal.core.i18n import N_


def parse_kbo(text: str) -> str:
    """Return the ten digits of an enterprise number, however it was typed.

    Accepts dots, spaces, dashes, "BE" in front and a missing first zero. Raises DomainError on
    `kbo` when the digits do not fit (mod 97) or do not start with 0 or 1.
    """
    try:
        return vat.validate(text)
    except ValidationError:
        raise DomainError(
            N_(
                "Dit ondernemingsnummer klopt niet. Het telt tien cijfers en begint met 0 of 1, "
                "bijvoorbeeld 0208.744.212."
            ),
            field="kbo",
        ) from None


def is_kbo(text: str) -> bool:
    """Say whether a text is a valid enterprise number."""
    return vat.is_valid(text)


def show_kbo(number: str | None) -> str:
    """Return ten digits as people write them: 0208.744.212. Nothing for no number."""
    return f"{number[:4]}.{number[4:7]}.{number[7:]}" if number else ""
