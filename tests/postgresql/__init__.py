# SPDX-License-Identifier: Apache-2.0
"""A real PostgreSQL for tests: Debian's package in a container that this host reaches."""
