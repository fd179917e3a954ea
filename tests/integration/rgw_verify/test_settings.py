# SPDX-License-Identifier: Apache-2.0
"""Settings of a real gateway that a probe warns of: no proxy, no double."""

from __future__ import annotations

import pytest

from tests.integration.gateway import Gateway, second_gateway
from tests.integration.rgw_verify.conftest import Run, words


@pytest.mark.parametrize(
    ("options", "probe", "word", "got"),
    [
        ({"rgw_swift_account_in_url": "true"}, "swift-info", "wrong-status", "with an offer of temp URLs"),
        ({"rgw_swift_token_expiration": "600"}, "token-lifetime", "limit-near", " s"),
        ({"rgw_print_prohibited_content_length": "true"}, "no-content", "header-prohibited", "Content-Length: 0"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_setting_is_warned_of(
    gateway: Gateway, run: Run, well: dict[str, str], options: dict[str, str], probe: str, word: str, got: str
) -> None:
    with second_gateway(gateway, **options) as url:
        report = run(url)
    assert words(report) == well | {probe: word}
    assert next(verdict for verdict in report.verdicts if verdict.probe == probe).got.endswith(got)
    assert report.passed  # A warning.


def test_frontends_without_nodelay_are_slow(gateway: Gateway, run: Run) -> None:
    with second_gateway(gateway, frontend="beast") as url:
        report = run(url, "small-reads")
    verdict = report.verdicts[-1]
    assert (verdict.verdict, report.passed) == ("slow", True)
    assert verdict.latency
    assert verdict.latency["p50_ms"] >= 15
