# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of all modules that work on a registry's bucket. Their argument spec is in module_utils/s3/options.py."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment rgwkit.ceph.s3_bucket."""

    DOCUMENTATION = r"""
options:
  endpoint: {description: "URL of the gateway, such as V(http://gateway.example:8080).", type: str, required: true}
  bucket: {description: The bucket or swift container., type: str, required: true}
  root:
    description:
      - Folder of the registry's files in the bucket. For the s3 driver this is C(rootdirectory), for the swift driver
        C(files), with C(prefix) and a slash before it if C(prefix) is set.
    type: str
    default: ""
  access_key: {description: S3 access key of the bucket's owner., type: str, required: true}
  secret_key: {description: Secret key of O(access_key). Give either this or O(secret_key_file)., type: str}
  secret_key_file: {description: File on the host where the module runs with the secret key., type: path}
  parallel: {description: "Number of parallel requests, V(1) to V(64).", type: int, default: 8}
  timeout: {description: Seconds that a request may take., type: float, default: 60}
  ca_file: {description: File with the certificates of the authorities to trust with https., type: path}
  validate_certs: {description: Whether certificates must be valid., type: bool, default: true}
"""
