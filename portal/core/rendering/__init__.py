"""Word documents: made from templates, inspected, compared and converted to PDF.

`render_docx`, `Converter`, `inspect_docx`, `inspect_template`, `redline_docx`, `accepted_docx`,
`paragraph_diff`; `outline` reads one for a page.
"""

from portal.core.rendering.conversion import Converter
from portal.core.rendering.differences import Passage, paragraph_diff
from portal.core.rendering.filling import render_docx
from portal.core.rendering.inspection import inspect_docx
from portal.core.rendering.problems import Problem, RefusedError
from portal.core.rendering.redline import redline_docx
from portal.core.rendering.revisions import accepted_docx
from portal.core.rendering.template import inspect_template

__all__ = [
    "Converter",
    "Passage",
    "Problem",
    "RefusedError",
    "accepted_docx",
    "inspect_docx",
    "inspect_template",
    "paragraph_diff",
    "redline_docx",
    "render_docx",
]
