# SPDX-License-Identifier: Apache-2.0
"""The back-ends by name, made from their settings."""

from __future__ import annotations

from ..config import BackendSettings, DummySettings, RgwSettings, Settings
from ..metrics.metrics import Metrics
from ..metrics.operations import counted
from ..problems import NotFound
from .backend import AccountLimits, Backend, Quota
from .dummy import DummyBackend
from .rgw import RgwBackend
from .swift import SwiftBackend


class Backends:
    """The configured back-ends, and what a project may use of each until an admin says otherwise."""

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self._settings = settings.backends
        self._backends: dict[str, Backend] = {
            name: counted(_backend(one), name, metrics) for name, one in settings.backends.items()
        }

    def __getitem__(self, name: str) -> Backend:
        """A back-end. Raises NotFound."""
        if name not in self._backends:
            raise NotFound("There is no back-end of this name.")
        return self._backends[name]

    @property
    def names(self) -> list[str]:
        """The names, as configured."""
        return list(self._backends)

    def limits(self, name: str) -> AccountLimits:
        """The limits of a new project."""
        given = self._settings[name].limits
        return AccountLimits(Quota(given.max_bytes, given.max_objects), given.max_buckets)

    def close(self) -> None:
        """Let go of all connections."""
        for backend in self._backends.values():
            backend.close()


def _backend(settings: BackendSettings) -> Backend:
    """Raises InputError for settings that cannot be used."""
    if isinstance(settings, DummySettings):
        return DummyBackend()
    return RgwBackend(settings) if isinstance(settings, RgwSettings) else SwiftBackend(settings)
