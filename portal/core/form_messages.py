"""What WTForms says when input does not fit, in our Dutch (its own Dutch speaks of "karakters")."""

from flask_babel import gettext, ngettext
from flask_wtf.i18n import translations

from portal.core.i18n import N_

_MESSAGES = {
    "This field is required.": N_("Vul dit in."),
    "Field must be equal to %(other_name)s.": N_("De twee komen niet overeen."),
    "Field must be between %(min)d and %(max)d characters long.": N_(
        "Gebruik tussen %(min)d en %(max)d tekens."
    ),
    "Number must be at least %(min)s.": N_("Vul een getal vanaf %(min)s in."),
    "Number must be at most %(max)s.": N_("Vul een getal tot en met %(max)s in."),
    "Number must be between %(min)s and %(max)s.": N_(
        "Vul een getal van %(min)s tot en met %(max)s in."
    ),
    "Date must be at least %(min)s.": N_("Die datum is te vroeg."),
    "Date must be at most %(max)s.": N_("Die datum is te laat."),
    "Date must be between %(min)s and %(max)s.": N_("Die datum is te vroeg of te laat."),
    "Invalid input.": N_("Dit klopt niet."),
    "Invalid email address.": N_("Vul een e-mailadres in, zoals naam@voorbeeld.be."),
    "Invalid URL.": N_("Vul een webadres in, zoals https://www.voorbeeld.be."),
    "Invalid Choice: could not coerce.": N_("Kies een van de mogelijkheden."),
    "Invalid choice(s): one or more data inputs could not be coerced.": N_(
        "Kies uit de mogelijkheden."
    ),
    "Not a valid choice.": N_("Kies een van de mogelijkheden."),
    "Not a valid datetime value.": N_("Vul een datum en een uur in."),
    "Not a valid date value.": N_("Vul een datum in, zoals 15/11/2026."),
    "Not a valid time value.": N_("Vul een uur in, zoals 14:30."),
    "Not a valid integer value.": N_("Vul een geheel getal in."),
    "Not a valid decimal value.": N_("Vul een getal in."),
}


class FormMessages:
    """Stands where WTForms looks up its translations."""

    def gettext(self, message: str) -> str:
        if message in _MESSAGES:
            return gettext(_MESSAGES[message])
        return translations.gettext(message)

    def ngettext(self, one: str, _many: str, count: int) -> str:
        """The texts that count are those of Length, and one of SelectMultipleField."""
        if one.startswith("Field must be at least"):
            return ngettext(
                "Gebruik minstens %(num)d teken.", "Gebruik minstens %(num)d tekens.", count
            )
        if one.startswith("Field cannot be longer"):
            return ngettext(
                "Gebruik hoogstens %(num)d teken.", "Gebruik hoogstens %(num)d tekens.", count
            )
        if one.startswith("Field must be exactly"):
            return ngettext(
                "Gebruik precies %(num)d teken.", "Gebruik precies %(num)d tekens.", count
            )
        return gettext("Kies uit de mogelijkheden.")
