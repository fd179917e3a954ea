# SPDX-License-Identifier: Apache-2.0
"""How the page looks: its style sheet, and the shapes that tell outcomes apart without colour.

Colours have a contrast of 4.5 to 1 at least against what they stand on, in both schemes (WCAG 2.2, 1.4.3).
"""

from __future__ import annotations

STYLE = """
:root {
  color-scheme: light dark;
  --page: #ffffff; --card: #f6f8fa; --line: #d0d7de; --text: #1f2328; --quiet: #57606a;
  --fail: #a40e26; --warn: #7a4b00; --ok: #116329; --skip: #57606a; --link: #0550ae;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --card: #161b22; --line: #3d444d; --text: #e6edf3; --quiet: #9da7b3;
    --fail: #ff9492; --warn: #e3b341; --ok: #6fdd8b; --skip: #9da7b3; --link: #79b8ff;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
header, main { max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.3; margin: 0 0 .5rem; }
h2 { font-size: 1.2rem; margin: 0; }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
p { margin: .25rem 0; }
section { margin-top: 2rem; }
a { color: var(--link); }
svg.shape { width: 1em; height: 1em; vertical-align: -.1em; margin-right: .4em; fill: currentColor; }
.fail { color: var(--fail); } .warn { color: var(--warn); } .ok { color: var(--ok); } .skip { color: var(--skip); }
.quiet { color: var(--quiet); }
ul.overview { list-style: none; padding: 0; }
ul.probes { list-style: none; margin: 1rem 0; padding: 0; border: 1px solid var(--line); border-radius: .4rem; }
ul.probes > li + li { border-top: 1px solid var(--line); }
summary { cursor: pointer; padding: .5rem .75rem; }
summary:focus-visible { outline: 2px solid var(--link); outline-offset: -2px; }
.evidence > summary { padding-left: 0; }
.row { display: inline-grid; grid-template-columns: 6.5rem 1fr auto; gap: .25rem .75rem; width: calc(100% - 1.5rem); }
.row .name { font-weight: 600; }
.name .quiet { font-weight: 400; margin-left: .6em; }
.body { padding: 0 .75rem .75rem; }
dl { display: grid; grid-template-columns: 5.5rem 1fr; gap: .25rem 1rem; margin: .25rem 0; }
dt { color: var(--quiet); }
dd { margin: 0; white-space: pre-wrap; }
pre {
  margin: .5rem 0; padding: .6rem; background: var(--card); border: 1px solid var(--line); border-radius: .3rem;
  white-space: pre-wrap; font: .85rem/1.45 ui-monospace, monospace;
}
figure { margin: .75rem 0; max-width: 36rem; }
figure svg { display: block; width: 100%; }
figcaption { color: var(--quiet); font-size: .9rem; }
svg text { fill: var(--text); font: 11px system-ui, sans-serif; }
.bar { fill: var(--quiet); }
.axis { stroke: var(--text); }
.percentile { stroke: var(--text); stroke-dasharray: 3 3; }
@media (max-width: 40rem) {
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .5rem; }
  .row { grid-template-columns: 1fr auto; }
  .row .name { grid-column: 1 / -1; grid-row: 2; }
}
"""

# Drawn in a square of 16: a cross in an octagon, a bar in a triangle, a tick in a circle, an empty square.
SHAPES = {
    "fail": (
        "M5 0h6l5 5v6l-5 5H5l-5-5V5zM4 5.5 6.5 8 4 10.5 5.5 12 8 9.5l2.5 2.5L12 10.5 9.5 8 12 5.5 10.5 4 8 6.5 5.5 4z"
    ),
    "warn": "M8 0l8 15H0zM7 5v5h2V5zM7 11.5v2h2v-2z",
    "ok": "M8 0a8 8 0 1 0 .01 0zM6.8 12 3 8.2l1.4-1.4 2.4 2.4 4.8-4.8L13 5.8z",
    "skip": "M1 1h14v14H1zM3 3v10h10V3z",
}
