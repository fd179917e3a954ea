# SPDX-License-Identifier: Apache-2.0
"""A demo Ceph with an object gateway in one container. Runs on Python 3.6, which older images of Ceph have."""
