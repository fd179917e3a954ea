# SPDX-License-Identifier: Apache-2.0
"""An outside gateway as objects of Rook: CephObjectStore, and the Secret with which the operator administers it.

Source: Rook 1.20, ceph.rook.io/v1 (pkg/apis/ceph.rook.io/v1/object.go) and "Connect to an External Object Store".
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Any, Dict, List

from ...base.errors import InputError
from ...base.host_port import bare_host
from ...base.secret import Secret
from ...http.endpoint import Endpoint
from ...registry.reach import is_loopback
from ..names import is_subdomain, label
from ..objects import Object, metadata, secret

API = "ceph.rook.io/v1"
# Names that Rook gives.
ADMIN_SECRET, SECRET_TYPE = "rgw-admin-ops-user", "kubernetes.io/rook"


@dataclass(frozen=True)
class Store:
    """name: of the CephObjectStore. namespace: of the Rook cluster. authorities: PEM text, empty for known ones."""

    name: str
    namespace: str
    home: str
    endpoint: Endpoint
    authorities: str = ""

    def check(self) -> None:
        """Raises InputError for what Kubernetes or Rook would refuse."""
        label("rook_objects_store", self.name)
        label("rook_objects_namespace", self.namespace)
        host = bare_host(self.endpoint.host)
        if is_loopback(host):
            raise InputError(
                f"rook_objects_endpoint: {host} is the operator's own pod. Next: name the gateway as pods reach it"
            )
        if self.endpoint.path:
            raise InputError(
                f"rook_objects_endpoint: Rook takes host and port, and '{self.endpoint.path}' has no place. Next: name "
                "a gateway without a path"
            )
        if not _is_address(host) and not is_subdomain(host):
            raise InputError(
                f"rook_objects_endpoint: Kubernetes refuses '{host}' as the name of a host. Next: rename it"
            )
        if self.endpoint.tls and not self.authorities and _is_address(host):
            raise InputError(
                "rook_objects_endpoint: without a file of authorities, Rook speaks TLS to a host's name only. Next: "
                "set rook_objects_ca_file, or name the gateway's host"
            )

    def public(self) -> List[Object]:
        """The CephObjectStore. Rook administers the gateway at the endpoint, and gives the endpoint to its users."""
        host = bare_host(self.endpoint.host)
        gateway: Dict[str, Any] = {"externalRgwEndpoints": [{"ip" if _is_address(host) else "hostname": host}]}
        spec: Dict[str, Any] = {"gateway": gateway}
        if self.endpoint.tls and self.authorities:
            gateway.update(securePort=self.endpoint.port, sslCertificateRef=self._certificate)
        else:
            gateway["port"] = self.endpoint.port
        if self.endpoint.tls and not self.authorities:
            spec["hosting"] = {"advertiseEndpoint": {"dnsName": host, "port": self.endpoint.port, "useTls": True}}
        meta = metadata(self.name, self.namespace, self.home)
        return [{"apiVersion": API, "kind": "CephObjectStore", "metadata": meta, "spec": spec}]

    def private(self, access_key: str, secret_key: Secret) -> List[Object]:
        """The login of the operator, and the authorities that it trusts, which Rook takes for a certificate."""
        keys = {"accessKey": access_key, "secretKey": secret_key.value}
        login = secret(metadata(ADMIN_SECRET, self.namespace, self.home), keys, SECRET_TYPE)
        if not (self.endpoint.tls and self.authorities):
            return [login]
        trusted = metadata(self._certificate, self.namespace, self.home)
        return [login, secret(trusted, {"cert": self.authorities})]

    @property
    def _certificate(self) -> str:
        return f"{self.name}-gateway-ca"


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
