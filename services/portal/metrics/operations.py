# SPDX-License-Identifier: Apache-2.0
"""Counts the operations of back-ends, whatever operations a kind of back-end has."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from ..backends.backend import Backend
from ..problems import Problem
from .metrics import Metrics

_FAULT = "fault"


class _Counted:
    """Stands for a back-end: hands everything on and counts the calls."""

    def __init__(self, backend: Backend, name: str, metrics: Metrics) -> None:
        vars(self).update(_backend=backend, _name=name, _metrics=metrics)

    def __getattr__(self, attribute: str) -> Any:
        found = getattr(self._backend, attribute)
        return self._counted(attribute, found) if callable(found) else found

    def __setattr__(self, attribute: str, value: Any) -> None:
        setattr(self._backend, attribute, value)

    def _counted(self, operation: str, work: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(work)
        def run(*arguments: Any, **options: Any) -> Any:
            outcome, began = "ok", time.perf_counter()
            try:
                return work(*arguments, **options)
            except BaseException as error:
                outcome = error.kind if isinstance(error, Problem) else _FAULT
                raise
            finally:
                self._metrics.operation(self._name, operation, outcome, time.perf_counter() - began)

        return run


def counted(backend: Backend, name: str, metrics: Metrics) -> Backend:
    """The back-end, whose operations are counted from now on."""
    return cast(Backend, _Counted(backend, name, metrics))
