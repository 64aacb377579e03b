"""Fill in a Word template with the data of one document."""

import json
import re
import sys
from collections.abc import Mapping
from typing import Any

from jinja2 import TemplateError
from lxml import etree

from portal.core.i18n import N_
from portal.core.rendering import jail, sandbox
from portal.core.rendering.jail import JailError, Limits, TimeLimitError
from portal.core.rendering.package import read
from portal.core.rendering.problems import Problem, RefusedError

_LIMITS = Limits(seconds=20)
_FAILED = N_("Dit sjabloon kan niet ingevuld worden: %(reason)s")
_TOO_HEAVY = N_("Dit sjabloon vraagt te veel tijd of geheugen om in te vullen.")
# What XML cannot hold, and what docxtpl would turn into the structure of a document.
_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def render_docx(
    template: bytes, context: Mapping[str, Any], *, title: str = "", trusted: bool = False
) -> bytes:
    """Return the Word document made of a template and plain data (text, numbers, lists, dicts).

    Text comes out exactly as it went in, whatever it holds; a line break stays one. `trusted`: the
    template came with the portal; any other is filled in inside the jail. Raises RefusedError.
    """
    read(template)
    plain = _plain(context)
    try:
        if trusted:
            return sandbox.fill(template, plain, title)
        header = json.dumps({"context": plain, "title": title}).encode() + b"\n"
        return jail.run([sys.executable, "-I", sandbox.__file__], header + template, _LIMITS)
    except (TemplateError, etree.XMLSyntaxError) as error:
        raise RefusedError([Problem(_FAILED, values={"reason": str(error)})]) from error
    except TimeLimitError as error:
        raise RefusedError([Problem(_TOO_HEAVY)]) from error
    except JailError as error:
        if error.code != sandbox.TEMPLATE_ERROR:
            raise RefusedError([Problem(_TOO_HEAVY)]) from error
        raise RefusedError([Problem(_FAILED, values={"reason": error.said})]) from error


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return _UNWANTED.sub("", value)
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value
