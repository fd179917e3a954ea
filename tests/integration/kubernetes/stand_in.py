# SPDX-License-Identifier: Apache-2.0
"""A chart with the documented defaults of the chart docker-registry, which shows what Helm makes of its values.

Source: https://github.com/twuni/docker-registry.helm, values.yaml of 2.3.0 and 3.0.0.
"""

from __future__ import annotations

from pathlib import Path

DEFAULTS = """\
replicaCount: 1
image: {repository: registry, tag: 3.0.0, pullPolicy: IfNotPresent}
service: {name: registry, type: ClusterIP, port: 5000}
persistence: {enabled: false}
storage: filesystem
secrets: {haSharedSecret: "", htpasswd: ""}
configPath: /etc/distribution
configData:
  version: 0.1
  log: {fields: {service: registry}}
  storage: {cache: {blobdescriptor: inmemory}}
  http:
    addr: :5000
    headers: {X-Content-Type-Options: [nosniff]}
    debug: {addr: ":5001", prometheus: {enabled: false, path: /metrics}}
  health: {storagedriver: {enabled: true, interval: 10s, threshold: 3}}
securityContext: {enabled: true, runAsUser: 1000, fsGroup: 1000}
containerSecurityContext: {enabled: true, runAsUser: 1000, runAsGroup: 1000, runAsNonRoot: true}
extraEnvVars: []
"""
FILES = {
    "Chart.yaml": "apiVersion: v2\nname: docker-registry\nversion: 0.0.0\n",
    "values.yaml": DEFAULTS,
    "templates/values.yaml": "{{ toYaml .Values }}\n",
}


def written(folder: Path) -> Path:
    """The chart in the folder."""
    (folder / "templates").mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return folder
