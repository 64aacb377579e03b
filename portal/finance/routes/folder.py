"""A folder: a person uploads the files to the provider's own site, by hand."""

from collections.abc import Callable
from pathlib import Path

from flask import current_app

from portal.core.outbox import TryAgainError
from portal.finance.routes import Outcome, Parcel


def from_config() -> "Folder":
    """Return the route to the folder of this installation."""
    return Folder(Path(current_app.config["PEPPOL_FOLDER"]))


class Folder:
    """See `portal.finance.routes.Route`. Writing a file again leaves the same file."""

    name = "folder"
    confirms = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def can_reach(self, peppol_id: str) -> bool:
        """Say yes to every address: the person who uploads sees what the provider says."""
        return bool(peppol_id)

    def send(self, parcel: Parcel, remember: Callable[[str], None]) -> Outcome:
        """Write the XML (the PDF is inside it), whole or not at all."""
        assert parcel.xml is not None
        remember(f"{parcel.number}.xml")
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            unfinished = self._folder / f"{parcel.number}.part"
            unfinished.write_bytes(parcel.xml)
            unfinished.replace(self._folder / f"{parcel.number}.xml")
        except OSError as error:
            raise TryAgainError(f"De map is niet beschikbaar ({type(error).__name__}).") from error
        return Outcome.UNDER_WAY

    def status(self, remote_id: str) -> Outcome:
        """Say whether the file was written; a folder knows no more."""
        return Outcome.UNDER_WAY if (self._folder / remote_id).exists() else Outcome.UNSENT
