# SPDX-License-Identifier: Apache-2.0
"""The version of the commands, which is that of the collection (galaxy.yml); a test compares them."""

VERSION = "0.2.0"
