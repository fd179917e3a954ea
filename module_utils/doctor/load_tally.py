# SPDX-License-Identifier: Apache-2.0
"""What a load has seen: waiting times and wrong answers, in memory that does not grow with the number of requests."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Iterable, Sequence

from ..http.outcomes import WrongAnswer
from .latency import Histogram
from .load_operations import Operation


@dataclass
class Wrong:
    """Wrong answers of one kind: what the first one was, and how many there were."""

    operation: str
    verdict: str
    expected: str
    got: str
    evidence: list[str] = field(repr=False)
    count: int = 0


class Tally:
    """What one connection, or all of them in one phase, have seen. Not for several threads at once.

    `begun` counts objects, `seconds` is how long it took.
    """

    def __init__(self, phase: Iterable[Operation]) -> None:
        self.begun = 0
        self.seconds = 0.0
        self._times = {operation.name: Histogram() for operation in phase}
        self._wrong: dict[tuple[str, str], Wrong] = {}

    @classmethod
    def merge(cls, phase: Sequence[Operation], tallies: Iterable[Tally], seconds: float) -> Tally:
        """What all of `tallies` have seen, side by side, in `seconds`."""
        whole = cls(phase)
        whole.seconds = seconds
        for tally in tallies:
            whole.begun += tally.begun
            for name, times in tally._times.items():
                whole._times[name].update(times)
            for wrong in tally._wrong.values():
                whole._count(wrong, wrong.count)
        return whole

    @property
    def wrong_answers(self) -> int:
        """How many there were."""
        return sum(wrong.count for wrong in self._wrong.values())

    def add(self, operation: Operation, seconds: float) -> None:
        """Count a request that took `seconds`."""
        self._times[operation.name].add(seconds)

    def add_wrong(self, operation: Operation, finding: WrongAnswer, evidence: str) -> None:
        """Count a wrong answer; `evidence` shows the exchange, without secrets."""
        self._count(Wrong(operation.name, finding.word, finding.expected, finding.got, [evidence]), 1)

    def distributions(self) -> dict[str, Any]:
        """Of each operation the waiting times (latency.Histogram), and `rate` in requests a second."""
        return {
            name: {**times.as_dict(), "rate": round(times.count / self.seconds, 1) if self.seconds else 0.0}
            for name, times in self._times.items()
        }

    def findings(self) -> list[dict[str, Any]]:
        """The wrong answers by operation and verdict."""
        return [asdict(wrong) for wrong in self._wrong.values()]

    def _count(self, wrong: Wrong, count: int) -> None:
        first = self._wrong.setdefault((wrong.operation, wrong.verdict), replace(wrong, count=0))
        first.count += count


def result(tallies: Sequence[Tally]) -> dict[str, Any]:
    """All phases as plain data: `put`, `head_after_put`, `head`, `delete`, `wrong` and `findings`."""
    return {
        "wrong": sum(tally.wrong_answers for tally in tallies),
        "findings": [finding for tally in tallies for finding in tally.findings()],
        **{name: times for tally in tallies for name, times in tally.distributions().items()},
    }
