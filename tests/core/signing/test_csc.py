"""A remote service keeps the key; only the hash of the document goes there."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask

from portal.core import signing
from portal.core.signing import Pki, Stamp, identity
from portal.core.signing.csc import RemoteService, RemoteServiceError
from tests.agreements.access import a_pdf
from tests.core.signing import authorities
from tests.core.signing.test_corpus import FIELD, sealed

STAMP = Stamp("Jan Smet", "Akkoord", lines=("Jan Smet", "via een dienst"))


@dataclass
class Remote:
    service: RemoteService
    issued: bytes
    pki: Pki


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory, shared_app: Flask) -> Iterator[Remote]:
    folder: Path = tmp_path_factory.mktemp("csc")
    with (
        authorities.running(folder) as outside,
        authorities.signing_service(folder) as url,
        shared_app.app_context(),
    ):
        pki = replace(identity.made(folder / "own"), person_roots=(outside.root,))
        yield Remote(RemoteService(url, "token"), sealed(pki, a_pdf()), pki)


def test_a_document_signed_by_the_service_is_accepted_as_any_other(remote: Remote) -> None:
    signed = remote.service.sign(remote.issued, FIELD, STAMP, "test/jan", "1234")
    found = signing.check_addition(remote.issued, signed, FIELD, remote.pki)
    assert (found.given_name, found.surname) == ("Jan", "Smet")


def test_a_certificate_the_service_does_not_know_is_refused(remote: Remote) -> None:
    with pytest.raises(RemoteServiceError, match="weigert"):
        remote.service.sign(remote.issued, FIELD, STAMP, "test/niemand", "1234")


def test_a_service_that_does_not_answer_says_to_try_later(remote: Remote) -> None:
    silent = RemoteService("http://127.0.0.1:9", "token")
    with pytest.raises(RemoteServiceError, match="niet bereikbaar"):
        silent.sign(remote.issued, FIELD, STAMP, "test/jan", "1234")
