"""Workers that remind at the same moment: each step once, on both engines."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.core.db import db
from portal.finance import reminder_settings, reminding
from portal.finance.models import Reminder, ReminderItem, ReminderState
from portal.finance.reminder_settings import Rules
from tests import make
from tests.core.races import in_processes
from tests.finance import make_finance, make_late
from tests.finance.make_late import deliver

pytestmark = pytest.mark.slow


def _prepare(_index: int) -> None:
    with time_machine.travel(datetime(2026, 9, 1, 9, tzinfo=UTC)):
        make_finance.settings()
        for number in range(3):
            make_finance.issued(make_late.partner(f"Gemeente {number}"))
        reminder_settings.record(Rules(from_on=date(2026, 1, 1), automatic=True), None)
        db.session.commit()
        deliver()
        db.session.remove()


def _remind(_index: int) -> int:
    reminding.remind()
    deliver()
    db.session.remove()
    return 0


def test_processes_that_remind_at_once_send_each_step_once(live_app: Flask) -> None:
    # In a process too: the store of documents has threads, which a fork leaves behind.
    assert in_processes(live_app, 1, _prepare) == [None]
    assert in_processes(live_app, 4, _remind) == [0] * 4
    assert in_processes(live_app, 1, _remind) == [0]
    with live_app.app_context():
        sent = db.session.scalars(select(Reminder)).all()
        assert [one.state for one in sent] == [ReminderState.SENT] * 3
        assert {one.step for one in sent} == {1}
        assert make.number_of(ReminderItem) == 3
        db.session.remove()
    letters = [
        one.read_text(errors="replace") for one in live_app.config["MAIL_FOLDER"].glob("*.eml")
    ]
    assert sum("Herinnering: nog te betalen" in one for one in letters) == 3
