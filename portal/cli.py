"""The `portal` command: run it, fill it, look after it."""

import logging
import os
import secrets
import signal
import sys
import threading
from base64 import b64encode
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import FlaskGroup
from tqdm import tqdm

from portal import create_app, migrations
from portal.config import SettingError
from portal.core import audit, clock, jobs
from portal.core.db import db
from portal.core.money import euro


def _app() -> Flask:
    try:
        return create_app()
    except SettingError as error:
        raise click.ClickException(str(error)) from error


@click.group(cls=FlaskGroup, create_app=_app, add_default_commands=False, add_version_option=False)
def main() -> None:
    """The portal of Home-Start Vlaanderen vzw."""


@main.command()
@click.option("--port", default=8010, show_default=True, help="Port on 127.0.0.1.")
def demo(port: int) -> None:
    """Fill a demonstration database if it is empty, and run web and worker in one process."""
    from portal.demo import world

    _migrate()
    if world.build():
        click.echo("Demonstratiegegevens aangemaakt.")
    db.session.remove()  # it holds the write lock as long as its transaction is open
    _start_worker(threading.Event())
    click.echo(f"\nHet portaal draait op http://127.0.0.1:{port}\n")
    click.echo(f"Inloggen kan met wachtwoord: {world.PASSWORD}")
    for role, email in world.sign_ins():
        click.echo(f"  {role:45} {email}")
    click.echo(f"\nDe mails van de demo: http://127.0.0.1:{port}/demo/mails")
    click.echo("Stoppen: Ctrl+C")
    _serve("127.0.0.1", port)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8010, show_default=True)
def web(host: str, port: int) -> None:
    """Serve the portal; the worker runs apart (`portal worker`)."""
    _serve(host, port)


@main.command()
def worker() -> None:
    """Deliver what waits in the outbox and do the periodic jobs, until stopped."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    jobs.run(stop)


@main.command()
@click.option("--referrals", default=1000, show_default=True, help="How many to add.")
@click.option("--seed", default=2026, show_default=True, help="The same seed, the same families.")
def seed(referrals: int, seed: int) -> None:
    """Add made-up referrals to a demonstration or a test database."""
    from portal.demo import families, world

    if os.environ.get("PORTAL_ENV", "production") == "production":
        raise click.ClickException("PORTAL_ENV is production: made-up families do not belong here.")
    _migrate()
    world.build()
    families.make(referrals, seed=seed)


@main.command()
def migrate() -> None:
    """Bring the database up to this version of the portal, and load the reference data."""
    from portal.agreements import reference as agreements
    from portal.directory.reference import load_reference

    _migrate()
    load_reference(db.session())
    agreements.load_reference()
    db.session.commit()
    click.echo("De databank is bijgewerkt.")


@main.command("new-migration")
@click.argument("number")
@click.argument("message")
def new_migration(number: str, message: str) -> None:
    """Write the migration from the database as it is to the models as they are."""
    migrations.generate(message, number)


@main.command("first-administrator")
@click.argument("email")
@click.argument("name")
@click.password_option("--password", help="Asked for when left out.")
def first_administrator(email: str, name: str, password: str) -> None:
    """Make the first administrator; everybody else is invited on screen."""
    from portal.accounts import service as accounts
    from portal.core.errors import DomainError
    from portal.core.permissions import Role
    from portal.directory import organisations
    from portal.directory.kinds import OrganisationKind
    from portal.directory.organisations import OrganisationDetails

    details = OrganisationDetails(name="Home-Start Vlaanderen vzw", kind=OrganisationKind.HSV)
    try:
        account = accounts.create_account(email, name, password)
        home_start = organisations.create_organisation(details, None)
        accounts.add_membership(account, Role.ADMINISTRATOR, home_start)
    except DomainError as error:
        raise click.ClickException(error.message) from error
    db.session.commit()
    click.echo(f"{name} kan nu inloggen.")


@main.command("verify-audit")
def verify_audit() -> None:
    """Check the chain of the audit trail; exit 1 at the first broken link."""
    for number in audit.broken_links():
        raise click.ClickException(f"De keten van het logboek is verbroken bij nummer {number}.")
    click.echo("Het logboek is ongeschonden.")


@main.command("rotate-keys")
def rotate_keys() -> None:
    """Seal again, with the newest key, what older keys sealed. Can be stopped and begun again."""
    from portal.core import rotation

    rows = 0
    while sealed := rotation.reseal_rows():
        db.session.commit()
        rows += sealed
    files = rotation.reseal_documents()
    click.echo(f"{rows} rijen en {files} documenten zijn verzegeld met de nieuwste sleutel.")


@main.command()
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Left out: today.")
@click.option("--issue", is_flag=True, help="Issue too, what is complete; needs --by.")
@click.option("--by", "email", help="E-mail address of the finance officer who answers for it.")
def bill(until: datetime | None, issue: bool, email: str | None) -> None:
    """Make drafts of the instalments that are due, each once; a person checks and issues them."""
    from portal.core.errors import DomainError, NotFoundError
    from portal.finance import bill_run

    if issue and not email:
        raise click.ClickException("Uitreiken doet een persoon: geef --by met haar e-mailadres.")
    run = bill_run.Run()
    try:
        by = bill_run.officer(email) if email else None
        bill_run.prepare(until.date() if until else clock.today(), by, run, _with_a_bar)
        if issue and by is not None:
            bill_run.issue(by, run, _with_a_bar)
    except NotFoundError as error:
        raise click.ClickException(f"{email} is geen financieel verantwoordelijke.") from error
    except DomainError as error:
        raise click.ClickException(error.message % error.values) from error
    click.echo(f"{run.prepared} ontwerpen gemaakt, {run.issued} documenten uitgereikt.")
    for reference, why in run.refused:
        click.echo(f"  {reference}: {why}")


@main.command("read-bank")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def read_bank(file: Path) -> None:
    """Take in a file of the bank (CODA or camt.053); what was booked before is not booked again."""
    from portal.core.errors import DomainError
    from portal.finance import bank_files

    try:
        taken = bank_files.take(bank_files.keep(file.read_bytes(), file.name, None), None)
    except DomainError as error:
        raise click.ClickException(error.message % error.values) from error
    db.session.commit()
    click.echo(
        f"{taken.booked} bewegingen geboekt, waarvan {taken.placed} op een factuur; "
        f"{taken.known} waren al gekend."
    )


def _with_a_bar(things: list[Any], what: str) -> Iterable[Any]:
    return tqdm(things, desc=what, unit="stuk", disable=None)


@main.group()
def export() -> None:
    """Write what the portal keeps to a file."""


@export.command("agreement")
@click.argument("reference")
@click.option("--format", "form", type=click.Choice(["docx", "pdf"]), default="pdf")
@click.option("--version", "number", type=int, help="Left out: the agreed one, else the newest.")
@click.option("--signed", "signed", flag_value="all", help="As signed by everybody.")
@click.option("--any-signed", "signed", flag_value="any", help="As far as it was signed.")
@click.option("--addendum", type=int, help="That addendum instead of the agreement itself.")
@click.option("--consolidated", is_flag=True, help="The text with every signed addendum in it.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
def export_agreement(
    reference: str,
    *,
    form: str,
    number: int | None,
    signed: str | None,
    addendum: int | None,
    consolidated: bool,
    output: Path,
) -> None:
    """Write a version of an agreement or addendum, or the signed document, exactly as kept."""
    from portal.agreements import exporting
    from portal.core.db import reading
    from portal.core.documents import DamagedDocumentError
    from portal.core.errors import NotFoundError

    try:
        with reading():
            if signed:
                partly = signed == "any"
                data = exporting.signed(reference, partly=partly, addendum=addendum)
                what = "Ondertekend"
            elif consolidated:
                last, data = exporting.consolidated(reference, form)
                what = f"Geconsolideerd met addendum {last}" if last else "Zonder addenda"
            elif addendum is not None:
                what, data = f"Addendum {addendum}", exporting.addendum(reference, addendum, form)
            else:
                found, data = exporting.agreement(reference, form, number)
                what = f"Versie {found}"
    except NotFoundError as error:
        what = "ondertekend exemplaar" if signed else "addendum" if addendum else "versie"
        raise click.ClickException(f"Geen {what} gevonden van overeenkomst {reference}.") from error
    except DamagedDocumentError as error:
        raise click.ClickException(f"Het bestand is beschadigd: {error}.") from error
    output.write_bytes(data)
    click.echo(f"{what}, van {reference}: {output}")


@main.command("verify")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def verify_file(file: Path) -> None:
    """Say whether a PDF is genuine (exit 0), altered (1) or unknown (2)."""
    from portal.agreements import verification
    from portal.agreements.verification import Verdict
    from portal.core.db import reading

    with reading():
        found = verification.verify(file.read_bytes())
    click.echo(f"{found.verdict.upper()}: {found.why}")
    if found.verdict == Verdict.GENUINE:
        click.echo(" ".join(filter(None, (found.title, found.reference))))
    for one in found.signers:
        click.echo(f"  {one.name}, {one.capacity}, {one.party}: {one.at.isoformat()} ({one.way})")
    if found.verdict != Verdict.GENUINE:
        sys.exit(1 if found.verdict == Verdict.ALTERED else 2)


@main.command("demo-certificate")
@click.argument("given_name")
@click.argument("surname")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
def demo_certificate(given_name: str, surname: str, output: Path) -> None:
    """Write a made-up person's test certificate (PKCS#12), to try signing outside the portal."""
    from flask import current_app

    from portal.core.signing import demo_ca

    if current_app.config["PORTAL_ENV"] == "production":
        raise click.ClickException(
            "PORTAL_ENV is production: test certificates are of no use here."
        )
    folder = Path(current_app.config["VAR"]) / "pki"
    output.write_bytes(demo_ca.person(folder, given_name, surname))
    click.echo(f"Testcertificaat van {given_name} {surname}: {output}, wachtwoord: demo")


@export.command("invoice")
@click.argument("number")
@click.option("--format", "form", type=click.Choice(["pdf", "ubl"]), default="pdf")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
def export_invoice(number: str, form: str, output: Path) -> None:
    """Write an invoice, claim or credit note, exactly as it was issued."""
    from portal.core.db import reading
    from portal.core.documents import DamagedDocumentError
    from portal.core.errors import NotFoundError
    from portal.finance import invoice_files

    try:
        with reading():
            data = invoice_files.one(number, form)
    except NotFoundError as error:
        raise click.ClickException(f"Er is geen {form} van {number}.") from error
    except DamagedDocumentError as error:
        raise click.ClickException(f"Het bestand is beschadigd: {error}.") from error
    output.write_bytes(data)
    click.echo(f"{number}: {output}")


@export.command("invoices")
@click.option("--format", "form", type=click.Choice(["pdf", "ubl"]), default="ubl")
@click.option("--year", type=int, help="Year of issue; left out: all.")
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), required=True)
def export_invoices(form: str, year: int | None, output: Path) -> None:
    """Write every issued document into a folder, a file each."""
    from portal.core.db import reading
    from portal.core.documents import DamagedDocumentError
    from portal.finance import invoice_files

    output.mkdir(parents=True, exist_ok=True)
    number = 0
    try:
        with reading():
            for number, (name, data) in enumerate(invoice_files.every(form, year), 1):  # noqa: B007
                (output / name).write_bytes(data)
    except DamagedDocumentError as error:
        raise click.ClickException(f"Het bestand is beschadigd: {error}.") from error
    click.echo(f"{number} bestanden in {output}")


@export.command("journal")
@click.option("--from", "from_on", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--to", "to_on", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--format", "form", type=click.Choice(["csv", "xlsx"]), default="csv")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
def export_journal(from_on: datetime, to_on: datetime, form: str, output: Path) -> None:
    """Write the journal of a period, and note that it was handed over."""
    from portal.core import export as spreadsheets
    from portal.finance import journal

    span = from_on.date(), to_on.date()
    found = journal.note_export(*span, form, None)
    db.session.commit()
    make = spreadsheets.csv_lines if form == "csv" else spreadsheets.xlsx_chunks
    with output.open("wb") as file:
        file.writelines(make(journal.COLUMNS, journal.lines(*span)))
    if not found.balances:
        raise click.ClickException(f"Het journaal is niet in evenwicht: {found.unbalanced}")
    click.echo(f"{found.lines} lijnen, {euro(found.debit_cents)} debet en credit: {output}")


@export.command("period")
@click.option("--from", "from_on", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--to", "to_on", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
def export_period(from_on: datetime, to_on: datetime, output: Path) -> None:
    """Write all documents of a period into one ZIP with an index, each checked against its hash."""
    from portal.core.db import reading
    from portal.core.documents import DamagedDocumentError
    from portal.finance import period_archive

    try:
        with reading(), output.open("wb") as file:
            packed = period_archive.write(file, from_on.date(), to_on.date())
    except DamagedDocumentError as error:
        output.unlink()
        raise click.ClickException(f"Het bestand is beschadigd: {error}.") from error
    click.echo(f"{len(packed)} bestanden: {output}")


@click.command("new-secrets")
def new_secrets() -> None:
    """Print fresh secrets for a production environment."""
    click.echo(f"PORTAL_SECRET_KEY={secrets.token_urlsafe(48)}")
    click.echo(f"PORTAL_ENCRYPTION_KEYS=1:{b64encode(secrets.token_bytes(32)).decode()}")


main.add_command(new_secrets)


def _migrate() -> None:
    uri = db.engine.url
    if uri.drivername.startswith("sqlite") and uri.database:
        Path(uri.database).parent.mkdir(parents=True, exist_ok=True)
    migrations.upgrade()


def _start_worker(stop: threading.Event) -> None:
    from flask import current_app

    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def work() -> None:
        with app.app_context():
            jobs.run(stop)

    threading.Thread(target=work, name="worker", daemon=True).start()


def _serve(host: str, port: int) -> None:
    import waitress
    from flask import current_app

    app = current_app._get_current_object()  # type: ignore[attr-defined]
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    try:
        waitress.serve(app, host=host, port=port, threads=8, connection_limit=1000, ident=None)
    except OSError as error:
        sys.exit(f"Poort {port} is bezet ({error.strerror}). Kies een andere met --port.")
