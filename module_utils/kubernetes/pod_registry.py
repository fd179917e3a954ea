# SPDX-License-Identifier: Apache-2.0
"""A registry that is to run in pods, as data: what the options of role `registry` say, with files and secrets read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Collection, Mapping

from ..registry.config.environment import overlaid
from ..registry.config.sections import FOLDER
from .variables import secret_variables

# What the registry's folder has besides config.yml: the names that the role uses on every host.
CERTIFICATE, KEY, AUTHORITIES, HTPASSWD = "certificate.pem", "key.pem", "gateway-ca.pem", "htpasswd"
STORAGES = ("swift", "s3", "inmemory")


@dataclass(frozen=True)
class PodRegistry:
    """name: of all objects. home: identity of the inventory. port: of the Service. uid: of the process.

    config: without secrets. secrets: by their dotted places in the configuration. files: content of the registry's
    further files by their names. environment: plain variables of the container. resources: as in a container. checks.py
    says what is refused; the properties are for a registry that has passed these checks.
    """

    name: str
    namespace: str
    home: str
    image: str
    version: str
    uid: int
    port: int
    config: Mapping[str, Any]
    secrets: Mapping[str, str] = field(repr=False)
    files: Mapping[str, str] = field(repr=False)
    create_namespace: bool = True
    replicas: int = 1
    resources: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def effective(self) -> Mapping[str, Any]:
        """The configuration as the plain variables of the environment change it."""
        laid: Mapping[str, Any] = overlaid(self.config, self.environment, self.version).config
        return laid

    @property
    def storage(self) -> str:
        """The storage driver, one of STORAGES; empty for any other."""
        storage = self.effective.get("storage")
        return next((name for name in STORAGES if isinstance(storage, Mapping) and name in storage), "")

    @property
    def driver(self) -> Mapping[str, Any]:
        """The section of the storage driver."""
        section: Mapping[str, Any] = self.effective["storage"][self.storage]
        return section or {}

    @property
    def tls(self) -> bool:
        """Whether the registry speaks TLS."""
        return CERTIFICATE in self.files

    @property
    def secret_variables(self) -> Mapping[str, str]:
        """The variables that hold the secrets. Raises InputError."""
        return self.variables_for(self.secrets)

    def variables_for(self, places: Collection[str]) -> Mapping[str, str]:
        """The variables that hold the secrets of these places. Raises InputError."""
        secrets = {place: value for place, value in self.secrets.items() if place in places}
        return secret_variables(self.config, secrets, self.version)

    def plain_variables(self, folder: str = FOLDER) -> Mapping[str, str]:
        """The variables without secrets. folder: where the pod has the gateway's authorities.

        No storage driver has a setting for authorities: Go reads them from the file that SSL_CERT_FILE names.
        """
        authorities = {"SSL_CERT_FILE": f"{folder}/{AUTHORITIES}"} if AUTHORITIES in self.files else {}
        return {**authorities, **self.environment}
