"""Whether a certificate is of the person who was asked to sign."""

import re

from portal.core.signing import NewSignature
from portal.directory.folding import fold

_REMARK = re.compile(r"\([^)]*\)")  # "(Signature)", as on the Belgian card


def fits(name: str, found: NewSignature) -> bool:
    """Say whether a name is the one on a certificate, however accents and middle names go.

    Each word of the name must be on the certificate, and its whole surname in the name.
    """
    wanted = fold(name).split()
    surname = fold(found.surname).split()
    on_card = {*fold(found.given_name).split(), *surname}
    on_card |= set(fold(_REMARK.sub(" ", found.common_name)).split())
    complete = all(word in wanted for word in surname)
    return len(wanted) > 1 and complete and all(word in on_card for word in wanted)
