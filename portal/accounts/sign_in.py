"""The pages to sign in and out and to choose a password: the library's, kept to our rules."""

from flask import Flask, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_security import RoleMixin, Security, views
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts import library, resets, signed_in, throttle
from portal.accounts.forms import (
    ChangePasswordForm,
    ForgotPasswordForm,
    ResetPasswordForm,
    SignInForm,
)
from portal.accounts.models import Account
from portal.core.db import db
from portal.core.redirects import inside


def init_app(app: Flask) -> None:
    """Install the library, and put our pages where its own were."""
    for name, value in library.SETTINGS.items():
        app.config.setdefault(f"SECURITY_{name}", value)
    security = Security(
        app,
        library.AccountDatastore(db, Account, RoleMixin),  # type: ignore[arg-type]
        mail_util_cls=library.PortalMail,
        password_util_cls=library.PortalPasswords,
        login_form=SignInForm,
        reset_password_form=ResetPasswordForm,
        change_password_form=ChangePasswordForm,
    )
    security.want_json(lambda _request: False)
    signed_in.init_app(app, security)
    pages = (login, logout, forgot_password, reset_password, change_password)
    app.view_functions.update({f"security.{page.__name__}": page for page in pages})


@throttle.per_address(throttle.SIGN_IN_ADDRESS)
@throttle.per_typed_account(throttle.SIGN_IN, on_breach=throttle.record_lock)
def login() -> Response:
    """Sign in, and go on to the page that was asked for."""
    response = make_response(views.login())
    if response.status_code == 302:
        response.location = inside(request.values.get("next"))
        if request.method == "POST":
            throttle.remember_browser(response, request.form.get("email", "").strip())
    if request.method == "POST":
        db.session.commit()  # the session, or the event of a failure
    return response


def logout() -> Response:
    """End the session on the server and leave nothing in the browser."""
    response = make_response(views.logout())
    db.session.commit()
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@throttle.per_address(throttle.RESET_ADDRESS)
@throttle.per_typed_account(throttle.RESET)
def forgot_password() -> str | BaseResponse:
    """Ask for a link to choose a new password."""
    form = ForgotPasswordForm()
    if form.validate_on_submit():
        resets.ask(form.email.data or "")
        db.session.commit()
        flash(
            gettext(
                "Heeft dit e-mailadres een account, dan krijg je binnen enkele minuten een mail "
                "met een link om een nieuw wachtwoord te kiezen. Kijk ook bij ongewenste mail."
            ),
            "info",
        )
        return redirect(url_for("security.login"))
    return render_template("security/forgot_password.html", form=form)


@throttle.per_address(throttle.LINK_ADDRESS)
def reset_password(token: str) -> Response:
    """Choose a new password by the link in the mail."""
    return make_response(views.reset_password(token))


@throttle.per_person(throttle.OWN_PASSWORD)
def change_password() -> Response:
    """Choose a new password, knowing the old one."""
    return make_response(views.change_password())
