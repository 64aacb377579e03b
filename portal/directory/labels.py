"""How a municipality that was found is written in one line."""

from flask_babel import gettext

from portal.directory.municipalities import By, Found

_SHOWN_POSTCODES = 3


def found_label(found: Found) -> str:
    """Return "Merelbeke-Melle (9090, 9820) – vroeger Melle": the name and why it was found."""
    label = f"{found.place.name} ({_postcodes(found)})"
    hint = found_hint(found)
    return f"{label} – {hint}" if hint else label


def found_hint(found: Found) -> str:
    """Return why a municipality was found when its name does not say so, else nothing."""
    if found.by == By.FORMER_NAME:
        return gettext("vroeger %(name)s", name=found.shown)
    if found.by == By.FRENCH_NAME:
        return gettext("Frans: %(name)s", name=found.shown)
    return ""


def _postcodes(found: Found) -> str:
    if found.by == By.POSTCODE:
        return found.shown
    codes = found.place.postcodes
    more = " …" if len(codes) > _SHOWN_POSTCODES else ""
    return ", ".join(codes[:_SHOWN_POSTCODES]) + more
