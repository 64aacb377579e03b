"""The measure: the same 25 rows on a page of the same size, by Flask and SQLAlchemy alone.

No sign-in, no permissions, no languages, no sealed columns, no navigation. Written as one would
write it in an afternoon, and not slower than that.
"""

from datetime import datetime

from flask import Flask, render_template_string
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import DeclarativeBase, Mapped, joinedload, mapped_column, relationship


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Municipality(Base):
    __tablename__ = "municipality"
    nis: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class Organisation(Base):
    __tablename__ = "organisation"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Referral(Base):
    __tablename__ = "referral"
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str]
    status: Mapped[str]
    received_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    branch_id: Mapped[int]
    municipality_nis: Mapped[str] = mapped_column(ForeignKey("municipality.nis"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    municipality: Mapped[Municipality] = relationship()
    organisation: Mapped[Organisation] = relationship()


PAGE = """<!doctype html><html lang="nl"><head><title>Verwijzingen</title></head><body>
<h1>Verwijzingen</h1><table><tr><th>Referentie</th><th>Status</th><th>Ontvangen</th>
<th>Gemeente</th><th>Verwijzer</th><th>Laatste stap</th></tr>
{% for r in rows %}<tr>
<td><a href="{{ url_for('show', reference=r.reference) }}">{{ r.reference }}</a></td>
<td>{{ r.status }}</td><td>{{ r.received_at.strftime("%d/%m/%Y") }}</td>
<td>{{ r.municipality.name }}</td><td>{{ r.organisation.name }}</td>
<td>{{ r.changed_at.strftime("%d/%m/%Y") }}</td></tr>
{% endfor %}</table><!--{{ filler }}--></body></html>"""


def create_app(uri: str, branch_id: int, size_bytes: int) -> Flask:
    """Return an app whose `/` lists the newest 25 referrals of a branch in `size_bytes` bytes."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = uri
    db.init_app(app)
    filler = ""

    @app.get("/v/<reference>")
    def show(reference: str) -> str:
        return reference

    @app.get("/")
    def index() -> str:
        query = (
            select(Referral)
            .where(Referral.branch_id == branch_id)
            .order_by(Referral.received_at.desc(), Referral.id.desc())
            .limit(25)
            .options(joinedload(Referral.municipality), joinedload(Referral.organisation))
        )
        return render_template_string(PAGE, rows=db.session.scalars(query).all(), filler=filler)

    with app.app_context(), app.test_request_context():
        filler = "x" * max(size_bytes - len(index().encode()), 0)
    return app
