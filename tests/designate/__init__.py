# SPDX-License-Identifier: Apache-2.0
"""A real Designate for tests: Debian's packages with MariaDB, RabbitMQ and a BIND in one container, on a Keystone."""
