# SPDX-License-Identifier: Apache-2.0
"""A real Keystone for tests: Debian's package on sqlite in memory, in a container that gateways and this host reach."""
