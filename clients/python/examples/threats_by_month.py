"""Threats by month, drawn from a copy of the published record. Run it whole, or cell by cell (`# %%`).

NEWSANNOT_TOKEN=demo-reader-token python examples/threats_by_month.py http://127.0.0.1:8000/ threats.svg
"""

# %% Bring the copy up to date: the first time everything comes, afterwards only what changed
import os
import sys
from collections import Counter
from html import escape
from pathlib import Path

from newsannot_client import Client, LocalCopy

address, target = (*sys.argv[1:], "http://127.0.0.1:8000/", "threats.svg")[:2]
copy = LocalCopy(os.environ.get("NEWSANNOT_COPY", "newsannot.sqlite"))
synced = copy.sync(Client(address, os.environ["NEWSANNOT_TOKEN"]))
print(f"{synced.changes} changes applied; the copy is at change {synced.seq}.")

# %% Count records, not mentions of them: a threat that an article repeats seven times is one record
threats = list(copy.records("threat"))
months = Counter((threat["article"]["published_at"] or "unknown")[:7] for threat in threats)
issuers = Counter(threat["issuer"]["name"] for threat in threats if threat["issuer"])
print(f"{len(threats)} threats; most by {', '.join(f'{name} ({count})' for name, count in issuers.most_common(3))}")

# %% Draw a bar for each month that has threats
BAR, GAP, LEFT = 22, 8, 90
top = max(months.values(), default=1)
rows = [
    f'<text x="{LEFT - 8}" y="{y + 16}" text-anchor="end">{escape(month)}</text>'
    f'<rect x="{LEFT}" y="{y}" width="{400 * count / top:.0f}" height="{BAR}" fill="#b3470f"/>'
    f'<text x="{LEFT + 8 + 400 * count / top:.0f}" y="{y + 16}">{count}</text>'
    for y, (month, count) in zip(range(GAP, 10_000, BAR + GAP), sorted(months.items()), strict=False)
]
size = f'width="{LEFT + 450}" height="{GAP + len(rows) * (BAR + GAP)}"'
head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="14">'
Path(target).write_text("\n".join([head, "<title>Threats by month</title>", *rows, "</svg>\n"]), encoding="utf-8")
print(f"Drawn: {target}")
copy.close()
