# SPDX-License-Identifier: Apache-2.0
"""A demo Ceph with an object gateway in one container. The code runs on Python 3.6, which older Ceph images have."""
