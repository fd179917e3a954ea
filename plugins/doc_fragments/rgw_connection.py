# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of all modules that use the admin API. Their spec is in module_utils/rgw/connection_options.py."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment rgwkit.ceph.rgw_connection."""

    DOCUMENTATION = r"""
options:
  endpoint:
    description:
      - Address of the gateway, V(http[s]://host[:port]), for the host where the module runs.
      - No proxy is used. In a multisite setup this must be a gateway of the metadata master zone.
    type: str
    required: true
  access_key:
    description:
      - Access key of a user with admin caps. The key is an identifier and appears in messages.
    type: str
    required: true
  secret_key:
    description:
      - Secret key of O(access_key). Give either this or O(secret_key_file).
    type: str
  secret_key_file:
    description:
      - File with the secret key, on the host where the module runs. One newline at the end is ignored.
      - A file that every account of the host may read or write is refused.
    type: path
  ca_file:
    description:
      - PEM file with the certificate authorities to trust for an V(https) endpoint, instead of the system's.
    type: path
  validate_certs:
    description:
      - Whether to check the gateway's certificate and host name.
    type: bool
    default: true
  client_cert:
    version_added: "0.2.0"
    description: PEM file with the certificate to present to a gateway, or the proxy in front of it, that wants one.
    type: path
  client_key:
    version_added: "0.2.0"
    description: PEM file with the key of O(client_cert), if the certificate's file does not hold the key.
    type: path
  timeout:
    description:
      - Seconds that one request may take, from the lookup of the gateway's name to the last byte of the answer.
    type: float
    default: 10.0
  wait:
    description:
      - Seconds to retry a request while the gateway refuses or drops connections, does not answer in time, or answers
        with a server error or a write conflict. Each request has its own time.
      - Only reads, and writes that are harmless when they happen twice, such as those of whole records, are retried.
      - V(0) means one attempt.
    type: float
    default: 10.0
  parallel:
    description:
      - Number of users or buckets to work on in parallel, each over its own connection; V(1) to V(64).
    type: int
    default: 8
"""
