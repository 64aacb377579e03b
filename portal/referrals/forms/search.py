"""The search box above the list of referrals."""

from typing import Any

import flask_babel
import wtforms

from portal.core.forms import BaseForm, Required

# WTForms asks for str; a label becomes one when the page is made.
lazy_gettext: Any = flask_babel.lazy_gettext


class SearchForm(BaseForm):
    q = wtforms.StringField(
        lazy_gettext("Zoek op referentie, naam, telefoon of e-mail"), [Required()]
    )
