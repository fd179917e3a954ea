# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks of registries make of seconds: rates, ratios within a turn, processor time of what is moved."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "benchmarks"))
import registry
import registry_push

MIB = 1024**2


def turn(**seconds: float) -> dict[str, float]:
    steps = ["raw_put", "raw_get", "redirect_pull", "redirect_small_pull"]
    for side in ("toolkit", "disk", "bare"):
        steps += [f"{side}_push", f"{side}_pull", f"{side}_small_push", f"{side}_small_pull", f"{side}_one_by_one_push"]
    used = [
        f"{step}_{program}_cpu"
        for step in ("toolkit_pull", "redirect_pull", "toolkit_small_push")
        for program in registry.SERVERS
    ]
    return {**dict.fromkeys([*steps, *used], 1.0), **seconds}


def test_pulls_with_and_without_redirect_stand_beside_a_raw_get() -> None:
    turns = [
        turn(raw_get=2, toolkit_pull=4, redirect_pull=2.5),
        turn(raw_get=4, toolkit_pull=4, redirect_pull=4),
        turn(raw_get=3, toolkit_pull=4, redirect_pull=3.2),
    ]
    found = registry.figures(turns, registry.Sizes(512 * MIB, 10))
    assert (found["pull_over_raw_get"], found["redirect_pull_over_raw_get"]) == (0.75, 0.94)
    assert found["push_over_raw_put"] == 1
    assert (found["raw_get_s"], found["toolkit_pull_s"]) == (3, 4)


def test_processor_time_is_that_of_a_gib_and_of_a_layer() -> None:
    one = turn(**{"toolkit_pull_docker-registry_cpu": 0.75, "redirect_pull_docker-registry_cpu": 0.01})
    found = registry.figures([one], registry.Sizes(512 * MIB, 10))
    assert found["docker-registry_cpu_s_per_gib_toolkit"] == 1.5
    assert found["docker-registry_cpu_s_per_gib_redirect"] == 0.02
    assert found["small_layer_push_cpu_ms"] == 300
    shown = registry.table(found, registry.Sizes(512 * MIB, 10)).splitlines()
    assert "big layer, redirect            -   512.0" in shown
    assert [line.split()[-3:] for line in shown if line.startswith("big pull")] == [
        ["1.50", "2.00", "2.00"],
        ["0.02", "2.00", "2.00"],
    ]


def test_each_row_of_pushes_has_medians_over_the_raw_put_of_its_turn() -> None:
    table = registry_push.rows(None)
    assert [row.title for row in table[:2]] == ["swift, as the role has it", "s3, as the role has it"]
    busy = {"registry": 0.5, "storage": 1.0}
    slow = [registry_push.Result(seconds, 4, 2, busy, busy) for seconds in (4, 8, 16)]
    found = registry_push.figures(table[:1], [2, 2, 4], [slow], 64 * MIB, 10)
    assert found["raw_put_mib_s"] == 32
    (row,) = found["rows"].values()
    assert (row["big_mib_s"], row["big_over_raw_put"], row["several_mib_s"], row["small_layers_s"]) == (8, 0.25, 16, 5)
    assert (row["big_registry_cpu_s_per_gib"], row["big_storage_cpu_s_per_gib"]) == (8, 16)
    assert (row["small_registry_cpu_ms"], row["small_storage_cpu_ms"]) == (50, 100)
    assert "swift, as the role has it" in registry_push.table_of(found)


def test_a_given_registry_has_a_row_of_its_own() -> None:
    (own,) = [row for row in registry_push.rows(Path("/opt/registry")) if row.given]
    assert own.variables["registry_storage"] == "s3"
    assert not any(row.given for row in registry_push.rows(None))
