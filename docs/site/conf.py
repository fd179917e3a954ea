# SPDX-License-Identifier: Apache-2.0
"""Sphinx's configuration of the documentation site, for a folder that scripts/docs has filled."""

from __future__ import annotations

import re

from docutils import nodes

project = "rgwkit.ceph"
author = copyright = "rgwkit authors"
extensions = ["myst_parser", "sphinx_antsibull_ext"]
root_doc = "index"
html_theme = "sphinx_ansible_theme"
html_title = "rgwkit: Ceph object gateways, their users and Docker registries"
html_show_sphinx = False
html_copy_source = False
html_theme_options = {"documentation_home_url": "https://github.com/rgwkit/ceph", "topbar_links": {}}
default_role = "any"
nitpicky = True
# Anchors as GitHub makes them, for headings of all depths in use.
myst_heading_anchors = 4
# Probes and levels are no programs that a highlighter knows.
suppress_warnings = ["misc.highlighting_failure"]

REPOSITORY = "https://github.com/rgwkit/ceph/blob/main/"
# A link of a guide to a page of the site. Guides link to the repository, as the Ansible documentation shows them alone.
PAGE = re.compile(rf"`([^`<]+?)\s+<{REPOSITORY}((?:docs/)?[A-Za-z-]+)\.md(#[a-z-]+)?>`__")
# A link to a file that is no page of the site: from docs/, and from CONTRIBUTING.md.
FROM_DOCS = re.compile(r"\]\(\.\./(?!CONTRIBUTING\.md)([^)\s]+)\)")
FROM_ROOT = re.compile(r"\]\((?!docs/|https?:|#)([^)\s]+)\)")

ANSIBLE = "https://docs.ansible.com/ansible/latest/"
# Labels of the Ansible documentation that antsibull-docs refers to. To look them up would take a download each time.
LABELS = {
    "action_plugins": "plugins/action.html",
    "ansible_configuration_settings": "reference_appendices/config.html",
    "callback_plugins": "plugins/callback.html",
    "common_return_values": "reference_appendices/common_return_values.html",
}
PLUGIN = re.compile(r"ansible_collections\.(ansible\.builtin)\.(\w+)")


def relink(_app, docname: str, source: list[str]) -> None:
    """Lead links between pages to the site, and links to other files to the repository."""
    if docname.startswith("collections/"):
        source[0] = PAGE.sub(r"`\1 <../../../../\2.html\3>`__", source[0])
    elif docname.startswith("docs/"):
        source[0] = FROM_DOCS.sub(rf"]({REPOSITORY}\1)", source[0])
    elif docname == "CONTRIBUTING":
        source[0] = FROM_ROOT.sub(rf"]({REPOSITORY}\1)", source[0])


def resolve(_app, _env, node: nodes.Element, text: nodes.Element) -> nodes.reference | None:
    """Lead a reference to Ansible's own documentation there; None for any other reference, which is then an error."""
    target = node["reftarget"]
    plugin = PLUGIN.fullmatch(target)
    if plugin:
        page = f"collections/{plugin[1].replace('.', '/')}/{plugin[2]}.html"
    elif node["reftype"] == "envvar":
        page = f"reference_appendices/config.html#envvar-{target}"
    else:
        page = LABELS.get(target, "")
    return nodes.reference("", "", text, refuri=ANSIBLE + page, internal=False) if page else None


def setup(app) -> None:
    """Tell Sphinx of both."""
    app.connect("source-read", relink)
    app.connect("missing-reference", resolve)
