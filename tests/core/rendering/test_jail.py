"""A program that reads a stranger's file has little: time, memory, no network, no secrets."""

import socket
import sys
import threading
from collections.abc import Iterator

import pytest

from portal.core.rendering import jail
from portal.core.rendering.jail import JailError, Limits, TimeLimitError


def python(code: str, limits: Limits | None = None) -> bytes:
    return jail.run([sys.executable, "-I", "-c", code], b"invoer", limits or Limits(seconds=10))


def test_it_gets_its_input_and_gives_its_output() -> None:
    assert python("import sys; print(sys.stdin.read().upper(), end='')") == b"INVOER"


def test_it_is_stopped_when_it_takes_too_long() -> None:
    with pytest.raises(TimeLimitError):
        python("import time; time.sleep(60)", Limits(seconds=1))


def test_it_is_stopped_when_it_works_too_long() -> None:
    with pytest.raises(TimeLimitError):
        python("while True: pass", Limits(seconds=1))


def test_what_it_started_stops_with_it() -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"

    with pytest.raises(TimeLimitError):
        python(code, Limits(seconds=1))


def test_it_cannot_take_all_memory() -> None:
    with pytest.raises(JailError) as failed:
        python("x = b'x' * (800 * 1024 * 1024)", Limits(memory_bytes=300 * jail.MEGABYTE))

    assert "MemoryError" in failed.value.said


def test_it_knows_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_SECRET_KEY", "geheim")

    assert b"geheim" not in python("import os; print(dict(os.environ))")


def test_its_failure_is_told_with_what_it_said() -> None:
    with pytest.raises(JailError) as failed:
        python("import sys; sys.exit('kapot')")

    assert failed.value.code == 1
    assert "kapot" in failed.value.said


@pytest.fixture
def listener() -> Iterator[tuple[int, list[bytes]]]:
    """A server on loopback that notes who knocks."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    connection, _address = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.settimeout(0.2)
                    heard.append(connection.recv(100))

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], heard
        stop.set()
        thread.join()


@pytest.mark.skipif(not jail._without_network(), reason="this system cannot take the network away")
def test_it_reaches_no_network(listener: tuple[int, list[bytes]]) -> None:
    port, heard = listener
    code = f"import socket; socket.create_connection(('127.0.0.1', {port}), 1).send(b'hallo')"

    with pytest.raises(JailError):
        python(code)

    assert heard == []


@pytest.mark.parametrize("engine", ["word2pdf", "LibreOffice"])
def test_a_conversion_fetches_nothing(listener: tuple[int, list[bytes]], engine: str) -> None:
    """Even when the inspection that refuses such a file is passed over."""
    from portal.core.rendering.conversion import Converter, find_libreoffice
    from tests.core.rendering.make_docx import RELS, changed

    port, heard = listener
    program = find_libreoffice() if engine == "LibreOffice" else None
    if engine == "LibreOffice" and (program is None or not jail._without_network()):
        pytest.skip("LibreOffice is not installed here")
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

    def link(parts: dict[str, bytes]) -> None:
        picture = (
            f'<Relationship Id="rId99" Type="{office}/image" TargetMode="External" '
            f'Target="http://127.0.0.1:{port}/x.png"/></Relationships>'
        )
        parts[RELS] = parts[RELS].replace(b"</Relationships>", picture.encode())
        drawing = (
            '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" '
            'style="width:9pt;height:9pt"><v:imagedata r:id="rId99"/></v:shape></w:pict></w:r></w:p>'
        )
        body = parts["word/document.xml"].decode()
        parts["word/document.xml"] = body.replace("<w:sectPr", drawing + "<w:sectPr", 1).encode()

    data = changed(link)
    converter = Converter(libreoffice=program)
    if program:
        assert converter._by_libreoffice(data).startswith(b"%PDF")
    else:
        assert converter._by_word2pdf(data).startswith(b"%PDF")
    assert heard == []
