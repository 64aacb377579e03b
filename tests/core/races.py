"""Many at once, on a database whose commits are real."""

import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from pathlib import Path
from threading import Barrier
from typing import Any, TypeVar

from flask import Flask

from portal.core.db import db

T = TypeVar("T")


def in_threads(app: Flask, number: int, work: Callable[[int], T]) -> list[T | Exception]:
    """Run work(0), work(1)… at the same moment, each in an app context. Errors are returned."""
    start = Barrier(number)

    def one(index: int) -> T | Exception:
        start.wait(30)
        try:
            with app.app_context():
                return work(index)
        except Exception as error:  # noqa: BLE001 - the test says which errors it expects
            return error

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(lambda index: Context().run(one, index), range(number)))


def ready_to_fork() -> None:
    """Wait until the store of documents has no threads left that a fork would lose.

    A child that inherits its memory of an idle thread hands it work that nobody does, and hangs.
    Idle threads end after ten seconds; one (tests/conftest.py) is always there and takes no work.
    """
    limit = time.monotonic() + 20
    while time.monotonic() < limit:
        names = [comm.read_text() for comm in Path("/proc/self/task").glob("*/comm")]
        if sum(name.startswith("tokio") for name in names) <= 1:
            return
        time.sleep(0.1)
    raise TimeoutError("the store of documents is still busy")


def in_processes(app: Flask, number: int, work: Callable[[int], Any]) -> list[Any]:
    """Run work(0), work(1)… each in a process of its own. Errors come back as their text."""
    method = multiprocessing.get_context("fork")
    start, answers = method.Barrier(number), method.Queue()

    def one(index: int) -> None:
        with app.app_context():
            db.engine.dispose(close=False)
            start.wait(30)
            try:
                answers.put(work(index))
            except Exception as error:  # noqa: BLE001 - the test says which errors it expects
                answers.put(f"{type(error).__name__}: {error}")

    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    ready_to_fork()
    processes = [method.Process(target=one, args=(index,)) for index in range(number)]
    for process in processes:
        process.start()
    found = [answers.get(timeout=60) for _ in processes]
    for process in processes:
        process.join(30)
    return found
