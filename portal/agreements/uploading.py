"""A partner's own Word: inspected, kept as it came, printed with its changes accepted."""

from portal.agreements import contract_text, proposing
from portal.agreements.contract_words import listed
from portal.agreements.drafting_checks import LOCKED_ARTICLES
from portal.agreements.models import Agreement, AgreementVersion
from portal.agreements.proposing import Prepared
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.rendering import Converter, RefusedError, accepted_docx, inspect_docx

MOST_SHOWN = 4


def prepare(agreement: Agreement, base: AgreementVersion, data: bytes) -> Prepared:
    """Return a partner's Word as the next version, its terms those of the version it is based on.

    Raises DomainError on `file` with the reasons, each naming its paragraph: what may not come in,
    what cannot be printed, a change to an article that is the same for everybody.
    """
    problems = inspect_docx(data, revisions_allowed=True)
    if problems:
        raise _refused([str(one) for one in problems])
    original, _document = proposing.read(base, "docx")
    try:
        clean = accepted_docx(data)
        changed = contract_text.changed_articles(original, clean, LOCKED_ARTICLES)
        if changed:
            raise DomainError(
                N_(
                    "In dit bestand is artikel %(articles)s gewijzigd. De artikelen 3, 17 en 18 "
                    "zijn voor elke werking dezelfde. Zet ze terug zoals ze waren en schrijf je "
                    "vraag als opmerking."
                ),
                "file",
                articles=listed(str(number) for number in changed),
            )
        if clean == original or _same_text(original, clean):
            raise DomainError(N_("Dit bestand zegt hetzelfde als de laatste versie."), "file")
        pdf = Converter().to_pdf(clean)
    except RefusedError as refused:
        raise _refused([str(one) for one in refused.problems]) from refused
    return Prepared(proposing.next_number(agreement), base.terms, data, pdf, None)


def _same_text(before: bytes, after: bytes) -> bool:
    return contract_text.sections(before) == contract_text.sections(after)


def _refused(reasons: list[str]) -> DomainError:
    why = "; ".join(reasons[:MOST_SHOWN])
    return DomainError(N_("Dit Word-bestand wordt niet aanvaard. %(why)s"), "file", why=why)
