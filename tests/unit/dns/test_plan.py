# SPDX-License-Identifier: Apache-2.0
"""What changes a zone, and whose names stay. A real BIND has the rest (tests/integration/dns)."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.dns.change import Found
from ansible_collections.rgwkit.ceph.plugins.module_utils.dns.mark import Owner
from ansible_collections.rgwkit.ceph.plugins.module_utils.dns.plan import plan
from ansible_collections.rgwkit.ceph.plugins.module_utils.dns.records import Record
from ansible_collections.rgwkit.ceph.plugins.module_utils.dns.report import report, summary

NAME = "s3.example.com"
WANTED = Record("records[0]", NAME, True, 300, {"A": ("192.0.2.10",)})
GONE = Record("records[0]", NAME, False)
OWNER = Owner("north")
OURS = Found(NAME, {"A": ("192.0.2.10",)}, {"A": 300}, marks=("rgwkit: north",))


def planned(record: Record, found: Found, owner: Owner = OWNER):
    (one,) = plan([record], [found], owner)
    return one


def test_nothing_changes_where_all_is_as_wanted():
    assert planned(WANTED, OURS).change is None
    assert planned(GONE, Found(NAME)).change is None


@pytest.mark.parametrize(
    "found",
    [
        Found(NAME),
        Found(NAME, marks=("rgwkit: north",)),
        Found(NAME, {"A": ("192.0.2.11",)}, {"A": 300}, marks=("rgwkit: north",)),
        Found(NAME, {"A": ("192.0.2.10",)}, {"A": 60}, marks=("rgwkit: north",)),
        Found(NAME, {"A": ("192.0.2.10",), "AAAA": ("2001:db8::1",)}, {"A": 300, "AAAA": 300}, (), ("rgwkit: north",)),
    ],
    ids=["new", "mark only", "address", "ttl", "more types"],
)
def test_what_differs_is_changed_and_keeps_its_mark(found):
    change = planned(WANTED, found).change
    assert change and (change.values, change.mark) == (WANTED.values, "rgwkit: north")


@pytest.mark.parametrize("record", [WANTED, GONE])
@pytest.mark.parametrize("marks", [("rgwkit: south",), ("v=spf1",), ("rgwkit: north", "rgwkit: south")])
def test_a_mark_of_others_is_refused(record, marks):
    with pytest.raises(InputError, match="Next: "):
        plan([record], [Found(NAME, OURS.values, OURS.ttls, marks=marks)], OWNER)


def test_takeover_is_for_marks_of_inventories_only():
    other = Found(NAME, OURS.values, OURS.ttls, marks=("rgwkit: south",))
    taker = Owner("north", True)
    assert planned(WANTED, other, taker).change and planned(GONE, other, taker).change
    for found in (Found(NAME, OURS.values, OURS.ttls), Found(NAME, OURS.values, OURS.ttls, marks=("text",))):
        with pytest.raises(InputError):
            plan([WANTED], [found], taker)


def test_all_objections_come_at_once():
    records = [WANTED, Record("records[1]", "b.example.com", True, 300, {"CNAME": (NAME,)})]
    found = [Found(NAME, OURS.values, OURS.ttls), Found("b.example.com", others=("MX", "TXT"))]
    with pytest.raises(InputError, match=r"records\[0\].*records\[1\].*has MX and TXT, beside which no CNAME"):
        plan(records, found, OWNER)


def test_the_report_has_what_came_and_what_went():
    plans = [planned(WANTED, Found(NAME, {"AAAA": ("2001:db8::1",)}, {"AAAA": 60}, marks=("rgwkit: north",)))]
    (told,) = report(plans)["records"]
    assert told["changes"] == ["- AAAA 2001:db8::1 (60 s)", "+ A 192.0.2.10 (300 s)"] and told["ttl"] == 300
    assert summary(plans, "example.com", "ns:53", True).endswith(": 1 would be changed")
    spared = report([planned(GONE, Found(NAME, OURS.values, OURS.ttls))])["records"][0]
    assert (spared["state"], spared["ours"], spared["changed"]) == ("present", False, False)
    removed = report([planned(GONE, OURS)])
    assert removed["diff"] == {"before": {NAME: ["A 192.0.2.10 (300 s)", "TXT rgwkit: north"]}, "after": {NAME: []}}
