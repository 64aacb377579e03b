"""What is wrong with a Word file, in words its author can act on."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """One reason a file is refused.

    `message` is Dutch (a message id with %(name)s places for `values`); `place` names the
    paragraph by its first words or the part of the file, and is empty for the file as a whole.
    """

    message: str
    place: str = ""
    values: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        words = self.message % self.values
        return f"{self.place}: {words}" if self.place else words


class RefusedError(Exception):
    """A file or its conversion was refused; `problems` says why, at least one."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(p) for p in problems))
        self.problems = problems


SHOWN_CHARACTERS = 60


def excerpt(text: str) -> str:
    """Return the first words of a paragraph, to find it by."""
    words = " ".join(text.split())
    return words if len(words) <= SHOWN_CHARACTERS else words[: SHOWN_CHARACTERS - 1] + "…"
