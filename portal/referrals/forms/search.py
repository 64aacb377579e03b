"""The search box above the list of referrals."""

import wtforms

from portal.core.forms import BaseForm, Required
from portal.core.i18n import lazy_gettext

# WTForms asks for str; a label becomes one when the page is made.


class SearchForm(BaseForm):
    q = wtforms.StringField(
        lazy_gettext("Zoek op referentie, naam, telefoon of e-mail"), [Required()]
    )
