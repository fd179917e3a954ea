# SPDX-License-Identifier: Apache-2.0
"""The module's own main(), without a gateway: what it plans for one that is to be made."""

from __future__ import annotations

from ansible_collections.rgwkit.ceph.plugins.modules import rgw_rate_limits

CANARY = "canary-a90c6e2b4f18"


def test_limits_of_a_gateway_that_is_to_be_made_are_planned_in_check_mode(run_module, tmp_path):
    nobody = {"endpoint": "http://127.0.0.1:1", "access_key": "A", "secret_key_file": str(tmp_path / "no"), "wait": 0}
    limits = {"anonymous": {"max_read_ops": 6000}, "bucket": None}
    result = run_module(rgw_rate_limits, check=True, gateway_to_be_made=True, **limits, **nobody)
    assert result["changed"] and result["rate_limits"]["anonymous"]["max_read_ops"] == 6000
    assert all(line.startswith("anonymous.") for line in result["changes"]) and result["changes"]
    assert "no gateway at http://127.0.0.1:1 yet" in result["warnings"][0]["event"]["msg"]
    nothing = run_module(rgw_rate_limits, check=True, gateway_to_be_made=True, anonymous=None, **nobody)
    assert not nothing["changed"]
    # Everywhere else, a gateway that does not answer is an error.
    (tmp_path / "no").write_text(CANARY + "\n")
    (tmp_path / "no").chmod(0o600)
    for check, still_to_be_made in ((False, True), (True, False)):
        failed = run_module(rgw_rate_limits, check=check, gateway_to_be_made=still_to_be_made, **limits, **nobody)
        assert failed["failed"] and "127.0.0.1:1" in failed["msg"] and CANARY not in failed["printed"]
