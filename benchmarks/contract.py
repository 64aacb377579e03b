"""What a contract of three partners costs: filling in the template, and each way to a PDF.

python -m benchmarks.contract
"""

import resource
import statistics
import time
from collections.abc import Callable

from portal.agreements.contract import agreement_docx
from portal.agreements.contract_samples import IMPRINT, sample
from portal.agreements.terms import Formula
from portal.core.rendering import Converter
from portal.core.rendering.conversion import find_libreoffice

ROUNDS = 9
TARGET_SECONDS = 1.0  # render and convert together, at the median, with word2pdf


def measure(work: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """Return the median seconds of some rounds by the clock, and by the processor.

    The second says what it would take on a machine that does nothing else. One round before
    them does not count.
    """
    work()
    clock, processor = [], []
    for _ in range(rounds):
        began, used = time.perf_counter(), _processor_seconds()
        work()
        clock.append(time.perf_counter() - began)
        processor.append(_processor_seconds() - used)
    return statistics.median(clock), statistics.median(processor)


def _processor_seconds() -> float:
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, both))


def main() -> None:
    """Print the median of each part."""
    terms = sample(Formula.COORDINATOR, 3)
    docx = agreement_docx(terms, IMPRINT)
    word2pdf = Converter(libreoffice=None)
    print(f"Contract of three partners, {ROUNDS} rounds, median seconds: clock, processor")
    render = measure(lambda: agreement_docx(terms, IMPRINT))
    convert = measure(lambda: word2pdf.to_pdf(docx))
    together = (render[0] + convert[0], render[1] + convert[1])
    _print("fill in", render)
    _print("word2pdf", convert)
    _print(f"together (target {TARGET_SECONDS})", together)
    program = find_libreoffice()
    if program:
        libreoffice = Converter(libreoffice=program)
        _print("LibreOffice", measure(lambda: libreoffice.to_pdf(docx), 3))


def _print(name: str, seconds: tuple[float, float]) -> None:
    print(f"  {name:24} {seconds[0]:6.3f} {seconds[1]:6.3f}")


if __name__ == "__main__":
    main()
