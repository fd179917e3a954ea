# SPDX-License-Identifier: Apache-2.0
"""How a check of an answer ends when the answer is not the expected one, or when the check cannot be run."""

from __future__ import annotations

from .verdicts import Advice


class WrongAnswer(Exception):
    """An answer that is not the expected one: the verdict word, what was expected and what came.

    `advice` replaces the check's own, and `severity` its severity. `of_head` says that the length in an answer to HEAD
    is wrong. A gate stays open after a wrong answer that is not `closing`.
    """

    def __init__(
        self,
        word: str,
        expected: str,
        got: str,
        advice: Advice | None = None,
        severity: str | None = None,
        of_head: bool = False,
    ) -> None:
        super().__init__(f"{word}: expected {expected}, got {got}")
        self.word = word
        self.expected = expected
        self.got = got
        self.advice = advice
        self.severity = severity
        self.of_head = of_head
        self.closing = True


class Skip(Exception):
    """The check cannot be run here. Its argument says why."""
