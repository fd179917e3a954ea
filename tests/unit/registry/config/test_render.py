# SPDX-License-Identifier: Apache-2.0
"""config.yml from data: what a YAML reader gets back, and what nobody gets to see."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
import yaml
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.render import Literal, dump, with_values
from ansible_collections.rgwkit.ceph.plugins.modules import registry_config
from hypothesis import given
from hypothesis import strategies as st

SCALARS = st.none() | st.booleans() | st.integers() | st.text()
TREES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(st.dictionaries(st.text(), TREES, min_size=1))
def test_whatever_goes_in_comes_out(config):
    assert yaml.safe_load(dump(config)) == config


def test_reads_like_yaml_that_a_person_wrote():
    config = {"version": "0.1", "http": {"addr": ":5000", "headers": {"X-A": ["b", "c"]}}, "storage": {"inmemory": {}}}
    assert dump(config) == (
        'version: "0.1"\n'
        "http:\n"
        '  addr: ":5000"\n'
        "  headers:\n"
        "    X-A:\n"
        '      - "b"\n'
        '      - "c"\n'
        "storage:\n"
        "  inmemory: {}\n"
    )


@given(st.text(st.sampled_from(" a:#-|\n\t\u2028ü\"'"), max_size=12))
def test_a_literal_is_read_as_it_was_whatever_is_in_it(text):
    config = {"data": {"one": Literal(text), "two": [{"three": Literal(text)}]}}
    assert yaml.safe_load(dump(config)) == {"data": {"one": text, "two": [{"three": text}]}}


def test_a_literal_reads_line_by_line():
    assert dump({"a": {"b": Literal("x: 1\n\n  y\n")}}) == "a:\n  b: |\n    x: 1\n\n      y\n"


def test_a_value_of_no_yaml_type_is_named():
    with pytest.raises(InputError, match=r"storage\.swift\.tags\[1\]: a set"):
        dump({"storage": {"swift": {"tags": ["a", {"b"}]}}})


def test_values_go_to_their_places_and_the_data_stays_as_it_was():
    config = {"storage": {"swift": {"username": "u"}}}
    filled = with_values(config, {"storage.swift.password": "p", "http.secret": "s"})
    assert filled == {"storage": {"swift": {"username": "u", "password": "p"}}, "http": {"secret": "s"}}
    assert config == {"storage": {"swift": {"username": "u"}}}


def test_a_place_below_a_value_is_refused():
    with pytest.raises(InputError, match=r"version\.x: version is str"):
        with_values({"version": "0.1"}, {"version.x": "p"})


@pytest.fixture
def params(tmp_path):
    return {
        "path": str(tmp_path / "config.yml"),
        "owner": os.getuid(),
        "config": {
            "version": "0.1",
            "storage": {
                "swift": {"username": "registry:swift", "authurl": "http://h/auth/v1", "container": "registry"},
                "redirect": {"disable": True},
            },
            "http": {"addr": ":5000", "secret": "not one of those kept in files"},
        },
        "secrets": {"storage.swift.password": str(tmp_path / "swift.secret")},
    }


def test_create_again_change_again(run_module, params):
    path = params["path"]
    assert run_module(registry_config, check=True, **params)["changed"]
    assert os.listdir(os.path.dirname(path)) == []
    assert run_module(registry_config, **params)["changed"]
    assert not run_module(registry_config, **params)["changed"]
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    params["config"]["log"] = {"level": "debug"}
    assert run_module(registry_config, **params)["changed"]
    assert not run_module(registry_config, **params)["changed"]


def test_a_wrong_mode_is_a_change_and_is_mended(run_module, params):
    run_module(registry_config, **params)
    os.chmod(params["path"], 0o644)
    assert run_module(registry_config, **params)["diff"]["prepared"] == "mode 0644 -> 0600\n"
    assert not run_module(registry_config, **params)["changed"]


def test_neither_an_old_nor_a_new_secret_is_shown(run_module, params):
    secret_file = Path(params["secrets"]["storage.swift.password"])
    shown = run_module(registry_config, **params)["printed"]
    old = secret_file.read_text().strip()
    secret_file.unlink()
    changed = run_module(registry_config, **params)
    new = secret_file.read_text().strip()
    assert old != new and len(new) == 64
    assert changed["diff"]["before"] != changed["diff"]["after"]
    assert not [secret for secret in (old, new) if secret in shown + changed["printed"]]
    assert yaml.safe_load(Path(params["path"]).read_text())["storage"]["swift"]["password"] == new


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize("place", ["storage.swift.password", "http.secret"])
@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "is empty"), (b"canary\r\n", "CR LF"), ("p\u00e4sscanary\n".encode(), "not printable ASCII")],
)
def test_a_file_that_is_no_secret_is_refused_by_place_and_name(
    run_module, params, tmp_path, content, said, place, check
):
    path = tmp_path / "given"
    path.touch(mode=0o600)
    path.write_bytes(content)
    params["secrets"][place] = str(path)
    result = run_module(registry_config, check=check, **params)
    assert f"{place}: " in result["msg"] and f"'{path}'" in result["msg"] and said in result["msg"]
    assert "canary" not in result["printed"]
    assert os.listdir(tmp_path) == ["given"]


@pytest.mark.parametrize("file", [None, "", 5, ["/a"], {"a": "/b"}])
def test_what_is_no_file_is_refused(run_module, params, file):
    params["secrets"]["http.secret"] = file
    assert "http.secret: a " in run_module(registry_config, **params)["msg"]


def test_two_places_do_not_share_a_file(run_module, params):
    params["secrets"]["http.secret"] = params["secrets"]["storage.swift.password"]
    said = run_module(registry_config, **params)["msg"]
    assert "is named twice, for storage.swift.password and for http.secret" in said


def test_what_the_registry_would_not_take_is_not_written(run_module, params):
    params["config"]["storage"]["swift"]["chunksize"] = "5M"
    result = run_module(registry_config, **params)
    assert "storage.swift.chunksize: a string where a number belongs" in result["msg"]
    assert [(finding["severity"], finding["place"]) for finding in result["findings"]] == [
        ("error", "storage.swift.chunksize")
    ]
    assert os.listdir(os.path.dirname(params["path"])) == []


def test_a_warning_is_a_failure_only_where_that_is_asked_for(run_module, params):
    del params["config"]["storage"]["redirect"]
    result = run_module(registry_config, **params)
    assert result["changed"] and [finding["place"] for finding in result["findings"]] == ["storage.redirect"]
    assert "storage.redirect" in str(result["warnings"])
    assert "1 warning" in run_module(registry_config, **params, fail_on="warning")["msg"]


def test_the_other_version_is_another_matter(run_module, params):
    assert "registry 3 has no swift driver" in run_module(registry_config, **params, registry_version="3.0")["msg"]


def test_an_error_fails_the_task_unless_told_otherwise(run_module, params):
    params["config"]["storage"]["swift"]["chunksize"] = "5M"
    assert "1 error" in run_module(registry_config, **params, fail_on="error")["msg"]
    result = run_module(registry_config, **params, fail_on="never")
    assert result["changed"] and [finding["severity"] for finding in result["findings"]] == ["error"]


def test_there_has_to_be_a_configuration(run_module, tmp_path):
    said = run_module(registry_config, path=str(tmp_path / "config.yml"))["msg"]
    assert said == "missing required arguments: config"


@pytest.mark.parametrize(
    "before", ["http: {secret: hunter2}\n", "http:\n  secret: hunter2\n", 'proxy:\n  password: "hunter2"\n', "hunter2"]
)
def test_a_file_of_somebody_else_s_shows_no_secret_in_the_diff(run_module, params, before):
    Path(params["path"]).write_text(before)
    result = run_module(registry_config, **params)
    assert result["changed"] and "hunter2" not in result["printed"]


def test_a_secret_in_a_url_or_a_header_is_not_shown(run_module, params):
    header = {"url": "http://user:hunter2@h/", "headers": {"Authorization": ["Bearer hunter2"]}}
    params["config"]["notifications"] = {"endpoints": [{**header, "name": "n"}]}
    diff = run_module(registry_config, **params)["diff"]
    assert "hunter2" not in diff["after"] and 'name: "n"' in diff["after"]


def test_a_missing_folder_is_said(run_module, params):
    result = run_module(registry_config, **dict(params, path="/nonexistent/config.yml"))
    assert "Could not read or write /nonexistent: No such file or directory. Check the path" in result["msg"]
    assert result["failure"]["target"] == "/nonexistent"
