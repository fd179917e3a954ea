# SPDX-License-Identifier: Apache-2.0
"""The modules registry_config and registry_config_info: findings have lines where a file was read, and none in data."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import registry_config, registry_config_info

from tests.conftest import RunModule

TEXT = "version: 0.1\nstorage: {inmemory: , redirect: {disable: true}}\nhttp: {addr: ':1'}\nlog: {level: x}\n"
DATA = {"version": "0.1", "storage": "inmemory", "http": {"addr": ":1"}, "log": {"level": "x"}}


def test_findings_in_a_file_have_lines(run_module: RunModule, tmp_path: Path) -> None:
    path = tmp_path / "config.yml"
    path.write_text(TEXT)
    seen = run_module(registry_config_info, path=str(path))
    marks = {finding["place"]: (finding["line"], finding["column"]) for finding in seen["findings"]}
    assert marks == {"log.level": (4, 7), "http.secret": (3, 1)}
    assert not seen["changed"] and seen["path"] == str(path)


def test_a_file_that_is_no_yaml_names_its_line(run_module: RunModule, tmp_path: Path) -> None:
    path = tmp_path / "config.yml"
    path.write_text("version: 0.1\nstorage:\n\tinmemory:\n")
    (finding,) = run_module(registry_config_info, path=str(path))["findings"]
    assert finding["severity"] == "error" and finding["line"] == 3


def test_a_file_is_only_read_and_its_secrets_are_not_shown(run_module: RunModule, tmp_path: Path) -> None:
    path = tmp_path / "config.yml"
    path.write_text(
        "version: 0.1\nstorage: {inmemory: , delete: {enabled: 'true'}}\nhttp: {addr: ':1', secret: hunter2}\n"
    )
    before = path.stat()
    for check in (False, True):
        seen = run_module(registry_config_info, check=check, path=str(path))
        assert [finding["place"] for finding in seen["findings"]] == ["storage.delete.enabled"]
        assert not seen["changed"] and "hunter2" not in seen["printed"]
    after = path.stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)


def test_files_that_the_configuration_names_are_looked_for_on_demand(run_module: RunModule, tmp_path: Path) -> None:
    path = tmp_path / "config.yml"
    tls = "tls: {certificate: /nonexistent/a, key: /nonexistent/b}"
    path.write_text(f"version: 0.1\nstorage: {{inmemory: }}\nhttp: {{addr: ':1', secret: s, {tls}}}\n")
    places = {}
    for check_files in (False, True):
        seen = run_module(registry_config_info, path=str(path), check_files=check_files)
        places[check_files] = {finding["place"] for finding in seen["findings"]}
    assert places[True] - places[False] == {"http.tls.certificate", "http.tls.key"}


def test_a_version_has_its_own_rules(run_module: RunModule, tmp_path: Path) -> None:
    path = tmp_path / "config.yml"
    path.write_text(
        "version: 0.1\nstorage: {swift: {authurl: 'http://h/v1', username: u, password: p, container: con}}\n"
        "http: {addr: ':1', secret: s}\n"
    )
    errors = {}
    for version in ("2.8", "3.0"):
        findings = run_module(registry_config_info, path=str(path), registry_version=version)["findings"]
        errors[version] = [finding["what"] for finding in findings if finding["severity"] == "error"]
    assert errors["2.8"] == [] and len(errors["3.0"]) == 1


def test_a_file_is_judged_as_the_environment_changes_it(run_module: RunModule, tmp_path: Path) -> None:
    path, variables = tmp_path / "config.yml", tmp_path / "environment"
    path.write_text("version: 0.1\nstorage: {inmemory: }\nhttp: {addr: ':1', secret: hunter2, draintimeout: 10}\n")
    variables.write_text("# the registry's\nREGISTRY_HTTP_DRAINTIMEOUT=10s\nREGISTRY_LOG_LEVEL=hunter3\nodd\n")
    seen = run_module(registry_config_info, path=str(path), env_file=str(variables))
    found = {finding["place"]: (finding.get("variable"), finding["line"]) for finding in seen["findings"]}
    assert found == {f"{variables}, line 4": (None, 4), "log.level": ("REGISTRY_LOG_LEVEL", 3)}
    assert not seen["changed"] and "hunter" not in seen["printed"]
    variables.unlink()
    gone = run_module(registry_config_info, path=str(path), env_file=str(variables))
    assert gone["failed"] and f"{variables}: no such file on this host" in gone["msg"]


@pytest.mark.parametrize(("content", "says"), [(None, "no such file on this host"), (b"\xff\xfe", "not UTF-8 text")])
def test_what_is_no_configuration_file(run_module: RunModule, tmp_path: Path, content: bytes | None, says: str) -> None:
    path = tmp_path / "config.yml"
    if content is not None:
        path.write_bytes(content)
    result = run_module(registry_config_info, path=str(path))
    assert result["failed"] and str(path) in result["msg"] and says in result["msg"]


def test_findings_in_data_have_none(run_module: RunModule, tmp_path: Path) -> None:
    path = str(tmp_path / "config.yml")
    seen = run_module(registry_config, path=path, config=DATA, fail_on="never", check=True)
    assert {finding["place"] for finding in seen["findings"]} == {"log.level", "http.secret"}
    assert all(not {"line", "column"} & finding.keys() for finding in seen["findings"])
