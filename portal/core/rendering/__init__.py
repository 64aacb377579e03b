"""Word documents: made from templates, inspected, compared and converted to PDF.

`render_docx`, `Converter`, `inspect_docx`, `inspect_template`, `redline_docx`, `paragraph_diff`.
"""

from portal.core.rendering.conversion import Converter
from portal.core.rendering.filling import render_docx
from portal.core.rendering.inspection import inspect_docx
from portal.core.rendering.problems import Problem, RefusedError
from portal.core.rendering.template import inspect_template

__all__ = [
    "Converter",
    "Problem",
    "RefusedError",
    "inspect_docx",
    "inspect_template",
    "render_docx",
]
