# SPDX-License-Identifier: Apache-2.0
"""The one exception that ends the container with a message instead of a traceback."""


class DemoError(Exception):
    """Something a person has to change: what was attempted, what came back, what to do next."""
