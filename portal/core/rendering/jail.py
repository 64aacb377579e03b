"""Run a program that reads a stranger's file: little time, little memory, no network."""

import functools
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What a program may use at most."""

    seconds: int = 20
    memory_bytes: int = 1024 * MEGABYTE


class JailError(Exception):
    """The program failed, or asked for more than its limits. `code` is its exit code."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(f"exit code {code}: {said[-500:]}")
        self.code = code
        self.said = said


class TimeLimitError(JailError):
    """The program was stopped because it took too long."""

    def __init__(self) -> None:
        super().__init__(-signal.SIGKILL, "too slow")


# The shell sets the limits and is replaced by the program, so that they hold from its first
# instruction; where a system does not know one of them (macOS has no -v) the others still hold.
_SCRIPT = 'ulimit -v "$1" 2>/dev/null; ulimit -t "$2" 2>/dev/null; ulimit -c 0; shift 2; exec "$@"'


def run(command: Sequence[str], data: bytes, limits: Limits, folder: Path | None = None) -> bytes:
    """Return what the program wrote, given `data` as its input. Raises JailError.

    The program sees no environment but a home that is thrown away (`folder` when given), and no
    network where the system can take that away from it.
    """
    with tempfile.TemporaryDirectory(prefix="portal-") as home:
        limited = ["sh", "-c", _SCRIPT, "sh", str(limits.memory_bytes // 1024)]
        with subprocess.Popen(  # noqa: S603 - the command is ours; only its input is not
            [*_without_network(), *limited, str(limits.seconds), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_surroundings(folder or Path(home)),
            cwd=folder or home,
            start_new_session=True,
        ) as process:
            try:
                out, said = process.communicate(data, timeout=limits.seconds)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
                raise TimeLimitError from None
    if process.returncode in (-signal.SIGXCPU, 128 + signal.SIGXCPU):
        raise TimeLimitError
    if process.returncode:
        raise JailError(process.returncode, said.decode(errors="replace"))
    return out


@functools.cache
def _without_network() -> tuple[str, ...]:
    """Return the words that start a program in a network of its own, where that is possible."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return ()
    for words in ((unshare, "-rn"), (unshare, "-n")):
        tried = subprocess.run([*words, "true"], capture_output=True, check=False)  # noqa: S603
        if tried.returncode == 0:
            return words
    return ()


def _surroundings(home: Path) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "TMPDIR": str(home),
        "XDG_CACHE_HOME": str(home),
        "LANG": "C.UTF-8",
    }
