# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the stdout callback `stages` writes to: the screen and Ansible's log, each with its own lines."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Callable

LOG, BOTH, SCREEN = "log", "both", "screen"


class Screen:
    """Stands in the default callback for Ansible's Display, which shows all that the callback says.

    The lines go to the log alone unless somebody opens the screen for them with `to`. Ansible writes its log where
    `log_path` is set. With `everything`, each line goes to both places, as without this class.

    A title may be left open on a terminal, as `Get the image    ` of which the end is not known yet. Whatever comes
    in between then begins a new line. No line is ever written over: a question of ssh would be lost.
    """

    def __init__(self, display: Any, everything: bool = False) -> None:
        self.everything = everything
        self._display = display
        self._route = LOG
        self._before: Callable[[], None] | None = None
        self._title = ""
        self._lock = threading.RLock()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._display, name)

    @contextmanager
    def to(self, route: str, before: Callable[[], None] | None = None) -> Iterator[None]:
        """The lines within the block go to LOG, SCREEN or BOTH. The first line of the screen comes after `before`."""
        outer = self._route, self._before
        self._route, self._before = route, before
        try:
            yield
        finally:
            self._route, self._before = outer

    def display(
        self,
        msg: str,
        color: str | None = None,
        stderr: bool = False,
        screen_only: bool = False,
        log_only: bool = False,
        newline: bool = True,
        caplevel: int | None = None,
    ) -> None:
        """Show or log a message, with the parameters of Display.display."""
        route = BOTH if self.everything else self._route
        screen_only, log_only = screen_only or route == SCREEN, log_only or route == LOG
        with self._lock:
            if not log_only:
                self._begin_line()
            self._display.display(msg, color, stderr, screen_only, log_only, newline, caplevel)
            if not log_only:
                # A pipe is buffered, and warnings, which go to standard error, would overtake the name of their task.
                self._flush()

    def banner(self, msg: str, color: str | None = None, cows: bool = True) -> None:
        """Show or log a heading as Display.banner does, except that no cow says it."""
        line = msg.strip()
        self.display(f"\n{line} {'*' * max(self._display.columns - len(line), 3)}", color)

    def _warning(self, warning: Any) -> None:
        self._begin_line()
        self._display._warning(warning)

    def _deprecated(self, deprecation: Any) -> None:
        self._begin_line()
        self._display._deprecated(deprecation)

    def _error(self, error: Any, stderr: bool) -> None:
        self._begin_line()
        self._display._error(error, stderr=stderr)

    def say(self, text: str, color: str | None = None) -> None:
        """Show a line that is not in the log."""
        with self._lock, self.to(SCREEN):
            self.display(text, color)

    def begin_title(self, title: str) -> None:
        """Show a title on a terminal, and leave its line open."""
        with self._lock:
            self.end_title()
            if sys.stdout.isatty():
                self._title = title
                self._display.display(title, screen_only=True, newline=False)
                self._flush()

    def end_title(self) -> None:
        """End an open line, before something else is shown."""
        with self._lock:
            if self._title:
                self._title = ""
                self._display.display("", screen_only=True)

    def finish_title(self, title: str, rest: str) -> None:
        """Show what became of a title: behind it where its line is still open, otherwise on a line with it."""
        with self._lock:
            is_open = self._title == title
            if not is_open:
                self.end_title()
            self._title = ""
            self._display.display(rest if is_open else title + rest, screen_only=True)
            self._flush()

    def _begin_line(self) -> None:
        self.end_title()
        before, self._before = self._before, None
        if before:
            before()

    def _flush(self) -> None:
        # A closed pipe shows with the next line.
        with suppress(OSError, ValueError):
            sys.stdout.flush()
