"""What HSV says of a material, and its file."""

from typing import Any

import wtforms
from wtforms.validators import Length

from portal.agreements import materials
from portal.agreements.forms.steps import SHORT
from portal.agreements.materials import About
from portal.agreements.models import MaterialKind
from portal.core.fields import SelectField
from portal.core.forms import BaseForm, OnceForm, Required, VersionedForm, choices_of
from portal.core.i18n import lazy_gettext


class _AboutForm(BaseForm):
    """What a material is."""

    title = wtforms.StringField(lazy_gettext("Titel"), [Required(), Length(max=200)])
    kind = SelectField(
        lazy_gettext("Soort"),
        [Required()],
        blank=lazy_gettext("Kies"),
        choices=choices_of(MaterialKind),
    )
    service = SelectField(
        lazy_gettext("Bij welke dienst hoort het"),
        coerce=int,
        blank=lazy_gettext("Bij geen dienst in het bijzonder"),
        choices=materials.services,
    )
    summary = wtforms.TextAreaField(lazy_gettext("Waarvoor dient het?"), [Length(max=SHORT)])

    def about(self) -> About:
        """Return what was filled in; only after `validate`."""
        data: Any = self
        return About(
            title=data.title.data or "",
            kind=MaterialKind(data.kind.data),
            service=data.service.data,
            summary=data.summary.data or "",
        )


class AddMaterialForm(_AboutForm, OnceForm):
    """Something new to download."""

    file = wtforms.FileField(lazy_gettext("Bestand"))


class EditMaterialForm(_AboutForm, VersionedForm):
    """What a material is, said anew."""


class ReplaceMaterialForm(VersionedForm):
    """A new version of a material."""

    file = wtforms.FileField(lazy_gettext("Nieuw bestand"))
    note = wtforms.StringField(lazy_gettext("Wat is er nieuw?"), [Required(), Length(max=300)])
