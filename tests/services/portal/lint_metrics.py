# SPDX-License-Identifier: Apache-2.0
"""Read metrics as OpenMetrics from the standard input, strictly; print the samples. Run in the portal's environment."""

from __future__ import annotations

import json
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families

families = list(text_string_to_metric_families(sys.stdin.read()))
undescribed = [one.name for one in families if not one.documentation]
assert not undescribed, undescribed
json.dump([[one.name, one.labels, one.value] for family in families for one in family.samples], sys.stdout)
