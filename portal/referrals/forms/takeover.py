"""Handing in a list, and saying yes to what it would make."""

from typing import Any

import flask_babel
import wtforms
from flask_wtf.file import FileField, FileRequired

from portal.core.forms import BaseForm, OnceForm, Required

# Both libraries ask for str; a label becomes one when the page is made.
lazy_gettext: Any = flask_babel.lazy_gettext


class ListForm(BaseForm):
    file = FileField(
        lazy_gettext("Je lijst (Excel of CSV)"), [FileRequired(lazy_gettext("Kies een bestand."))]
    )


class TakeOverForm(OnceForm):
    with_alike = wtforms.BooleanField(
        lazy_gettext("Neem ook de gezinnen over die er misschien al zijn")
    )
    agreed = wtforms.BooleanField(
        lazy_gettext("Deze gezinnen weten dat we hun gegevens bijhouden en zijn ermee akkoord."),
        [Required(lazy_gettext("Overnemen kan alleen als de gezinnen ermee akkoord zijn."))],
    )
