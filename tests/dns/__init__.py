# SPDX-License-Identifier: Apache-2.0
"""A real name server for tests: Debian's BIND 9 in a container that this host and other containers reach."""
