"""Passwords: long rather than complicated, never a common one, kept as argon2id.

The cost (19 MiB, two rounds, one lane) is OWASP's advice and takes about 20 ms here; see ADR 3.
"""

import re

from argon2 import PasswordHasher
from zxcvbn import zxcvbn

from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.directory.folding import fold

SHORTEST = 12
LONGEST = 128
ROUNDS, MEMORY_KIB, LANES = 2, 19 * 1024, 1

RULE = N_(
    "Minstens 12 tekens. Een zin of vier losse woorden is sterk en makkelijk te onthouden; "
    "hoofdletters, cijfers of leestekens hoeven niet."
)

# Estimated guesses below which a password falls to an attacker who has stolen its hash, or who
# tries what people usually choose.
_ENOUGH_GUESSES = 10**8
# The estimate takes seconds for long runs of odd signs; what comes after this only adds strength.
_ESTIMATED_LENGTH = 32
# The library knows English, names and the thirty thousand most used passwords; not our Dutch.
_USUAL_HERE = re.findall(
    r"\S+",
    """
    home-start homestart portaal wachtwoord paswoord welkom geheim inloggen azerty azertyuiop
    vlaanderen belgie belgique brussel bruxelles antwerpen gent brugge leuven hasselt mechelen
    gezin gezinnen verwijzing verwijzer coordinator vrijwilliger vrijwilligers ocmw gemeente
    maandag dinsdag woensdag donderdag vrijdag zaterdag zondag lente zomer herfst winter
    januari februari maart april mei juni juli augustus september oktober november december
    hallo liefje schatje zonnetje vakantie voetbal anderlecht sinterklaas chocolade koffie
    """,
)

_hasher = PasswordHasher(time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=LANES)


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password, kept exactly as typed."""
    return _hasher.hash(password)


def check_password(password: str, name: str, email: str) -> None:
    """Raise DomainError on `password` when it is too short, too long, usual or about the person."""
    if len(password) < SHORTEST:
        raise _refused(N_("Kies een wachtwoord van minstens 12 tekens, bijvoorbeeld een zin."))
    if len(password) > LONGEST:
        raise _refused(N_("Kies een wachtwoord van hoogstens 128 tekens."))
    if _is_about(password, name, email):
        raise _refused(
            N_("Je naam of e-mailadres staat in dit wachtwoord. Kies iets dat niet naar je leidt.")
        )
    if zxcvbn(password[:_ESTIMATED_LENGTH], _USUAL_HERE)["guesses"] < _ENOUGH_GUESSES:
        raise _refused(
            N_(
                "Dit wachtwoord is te makkelijk te raden: het wordt vaak gebruikt of volgt een "
                "bekend patroon. Kies vier losse woorden of een zin die alleen jij bedenkt."
            )
        )


def _refused(message: str) -> DomainError:
    return DomainError(message, field="password")


def _is_about(password: str, name: str, email: str) -> bool:
    """Say whether the person's name or address makes up a good part of the password."""
    box, _at, domain = email.lower().partition("@")
    words = {*fold(name).split(), *re.split(r"[^a-z0-9]+", box), domain.rsplit(".", 1)[0]}
    typed = fold(password).replace(" ", "")
    about = [word for word in words if len(word) >= 4 and word in typed]
    left = typed
    for word in sorted(about, key=len, reverse=True):
        left = left.replace(word, "")
    # "Fatima" in a sentence of thirty letters is no help to whoever guesses.
    return bool(about) and len(left) < SHORTEST
