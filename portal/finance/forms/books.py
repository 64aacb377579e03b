"""The accountant's codes of the accounts."""

import wtforms

from portal.core.fields import DayField
from portal.core.forms import OnceForm, Required
from portal.core.i18n import lazy_gettext
from portal.finance.account_codes import ACCOUNTS


class CodesForm(OnceForm):
    """The code of every account, from a day on; its fields are made from the list of accounts."""

    from_on = DayField(lazy_gettext("Geldig vanaf"), [Required()])


for _key, _account in ACCOUNTS.items():
    _field = wtforms.StringField(lazy_gettext(_account.label), [Required()])
    setattr(CodesForm, _key, _field)
