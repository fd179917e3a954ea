# SPDX-License-Identifier: Apache-2.0
"""A real OpenStack Swift for tests: Debian's packages with one device, in a container beside the tests' Keystone."""
