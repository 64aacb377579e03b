"""Where a family lives, from what a person typed: "Melle", "9090" or "9090 Melle"."""

import re
from dataclasses import dataclass

from portal.directory.folding import fold
from portal.directory.gazetteer import Place, places
from portal.directory.municipalities import Found, find_municipalities

_POSTCODE = re.compile(r"\b[1-9]\d{3}\b")
_MOST_TO_CHOOSE_FROM = 6


@dataclass(frozen=True)
class Where:
    """What an answer points at.

    candidates: the municipalities to choose from when more than one answers; postcodes: those to
    choose from when the municipality has more than one and none was typed; too_many: the text
    fits more municipalities than one can choose from.
    """

    municipality: Place | None = None
    postcode: str | None = None
    candidates: tuple[Place, ...] = ()
    postcodes: tuple[str, ...] = ()
    too_many: bool = False


def find(text: str, nis: str = "", which: str = "", postcode: str = "") -> Where:
    """Return what `text` points at. Costs no query.

    nis: what was picked from the suggestions, if anything was; it counts only as long as the
    text still says so, since a person without JavaScript may type something else over it.
    which and postcode: the answers to the two questions that may follow.
    """
    if not text.strip():
        return Where()
    candidates = _candidates(text, nis)
    if len(candidates) > _MOST_TO_CHOOSE_FROM:
        return Where(too_many=True)
    chosen = next((one for one in candidates if one.nis == which), None)
    several = candidates if len(candidates) > 1 else ()
    if len(candidates) == 1:
        chosen = candidates[0]
    if chosen is None:
        return Where(candidates=several)
    return _with_postcode(chosen, text, postcode, several)


def _candidates(text: str, nis: str) -> tuple[Place, ...]:
    picked = places().get(nis)
    if picked is not None and fold(picked.name) in fold(text):
        return (picked,)
    found = _meant(text)
    if _POSTCODE.search(text):
        # "9000 Antwerpen": the postcode of one and the name of another; which, is asked.
        named = [one for one in _meant(_POSTCODE.sub(" ", text)) if one.exact]
        if not {one.place.nis for one in named} & {one.place.nis for one in found}:
            found += named
    return tuple(dict.fromkeys(one.place for one in found))


def _meant(text: str) -> list[Found]:
    found = find_municipalities(text, limit=None)
    return [one for one in found if one.exact] or found


def _with_postcode(chosen: Place, text: str, answer: str, candidates: tuple[Place, ...]) -> Where:
    typed = [code for code in _POSTCODE.findall(text) if code in chosen.postcodes]
    if len(typed) == 1:
        return Where(chosen, typed[0], candidates)
    if len(chosen.postcodes) == 1:
        return Where(chosen, chosen.postcodes[0], candidates)
    return Where(
        chosen, answer if answer in chosen.postcodes else None, candidates, chosen.postcodes
    )
