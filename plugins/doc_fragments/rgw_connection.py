# SPDX-License-Identifier: Apache-2.0
"""Options of every module that talks to the admin API (module_utils/rgw/connection_options.py holds the spec)."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment rgwkit.ceph.rgw_connection."""

    DOCUMENTATION = r"""
options:
  endpoint:
    description:
      - Address of the gateway, V(http[s]://host[:port]), as seen from the host where the module runs.
      - No proxy is used. In multisite this must be a gateway of the metadata master zone.
    type: str
    required: true
  access_key:
    description:
      - Access key of a user with admin caps. It is an identifier and shows up in messages.
    type: str
    required: true
  secret_key:
    description:
      - Secret key that belongs to O(access_key).
      - Give either this or O(secret_key_file).
    type: str
  secret_key_file:
    description:
      - File with the secret key, on the host where the module runs. One newline at its end is ignored.
      - A file that every account of the host may read or write is refused.
    type: path
  ca_file:
    description:
      - PEM file with the certificate authorities to trust for an V(https) endpoint, instead of the system's.
    type: path
  validate_certs:
    description:
      - Whether the gateway's certificate and host name are checked.
    type: bool
    default: true
  client_cert:
    description: PEM file with the certificate to present to a gateway, or the proxy in front of it, that wants one.
    type: path
  client_key:
    description: PEM file with the key of O(client_cert), if the certificate's file does not hold the key.
    type: path
  timeout:
    description:
      - Seconds that one request may take, from the look-up of the gateway's name to the last byte of the answer.
    type: float
    default: 10.0
  wait:
    description:
      - Seconds to go on trying while the gateway does not accept connections, loses them, does not answer in time, or
        answers with a server error or a conflict of writers. It counts anew for each request.
      - Only reads and the writing of whole user records are tried again, as these do no harm when they happen twice.
      - V(0) means one try.
    type: float
    default: 10.0
  parallel:
    description:
      - On how many users to work at once, each over a connection of its own; V(1) to V(64).
    type: int
    default: 8
"""
