# SPDX-License-Identifier: Apache-2.0
"""The module registry_config: findings have lines where a file was read, and none where data was given."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.rgwkit.ceph.plugins.modules import registry_config

from tests.conftest import RunModule

TEXT = "version: 0.1\nstorage: {inmemory: , redirect: {disable: true}}\nhttp: {addr: ':1'}\nlog: {level: x}\n"
DATA = {"version": "0.1", "storage": "inmemory", "http": {"addr": ":1"}, "log": {"level": "x"}}


def test_findings_in_a_file_have_lines(run_module: RunModule, tmp_path: Path) -> None:
    path = tmp_path / "config.yml"
    path.write_text(TEXT)
    seen = run_module(registry_config, path=str(path), fail_on="never")
    marks = {finding["place"]: (finding["line"], finding["column"]) for finding in seen["findings"]}
    assert marks == {"log.level": (4, 7), "http.secret": (3, 1)}
    failed = run_module(registry_config, path=str(path))
    assert failed["failed"] and "- line 4: error: log.level: not one of" in failed["msg"]


def test_a_file_that_is_no_yaml_names_its_line_once(run_module: RunModule, tmp_path: Path) -> None:
    path = tmp_path / "config.yml"
    path.write_text("version: 0.1\nstorage:\n\tinmemory:\n")
    failed = run_module(registry_config, path=str(path))
    assert "- error: line 3: no YAML" in failed["msg"] and failed["findings"][0]["line"] == 3


def test_findings_in_data_have_none(run_module: RunModule, tmp_path: Path) -> None:
    path = str(tmp_path / "config.yml")
    seen = run_module(registry_config, path=path, config=DATA, fail_on="never", check=True)
    assert {finding["place"] for finding in seen["findings"]} == {"log.level", "http.secret"}
    assert all(not {"line", "column"} & finding.keys() for finding in seen["findings"])
