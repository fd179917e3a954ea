# SPDX-License-Identifier: Apache-2.0
"""The one exception that ends the container with a message instead of a traceback."""


class DemoError(Exception):
    """A problem that a person has to solve: what was attempted, what came back, what to do next."""
