# SPDX-License-Identifier: Apache-2.0
"""Options of every module that works on a registry's bucket (module_utils/s3/options.py holds their argument spec)."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment rgwkit.ceph.s3_bucket."""

    DOCUMENTATION = r"""
options:
  endpoint: {description: "URL of the gateway, such as V(http://gateway.example:8080).", type: str, required: true}
  bucket: {description: The bucket or swift container., type: str, required: true}
  root:
    description:
      - Folder in the bucket below which the registry's files are. For the s3 driver it is C(rootdirectory), for the
        swift driver C(files), with C(prefix) and a slash before it where that is set.
    type: str
    default: ""
  access_key: {description: S3 access key of the user whom the bucket belongs to., type: str, required: true}
  secret_key: {description: Its secret key. Either this or O(secret_key_file)., type: str}
  secret_key_file: {description: File on the host where the module runs that holds the secret key., type: path}
  parallel: {description: "How many requests at once, V(1) to V(64).", type: int, default: 8}
  timeout: {description: Seconds that a request may take., type: float, default: 60}
  ca_file: {description: File with the certificates of the authorities to trust with https., type: path}
  validate_certs: {description: Whether certificates must be valid., type: bool, default: true}
"""
