#!/usr/bin/env python3
"""Python's trafilatura, for `TRAFILATURA=…/bin/python cargo bench --bench pages`.

First line in: a JSON list of pages. Each further line in: read them all, and print one JSON line: [seconds, [texts]].

    python3 -m venv /tmp/traf && /tmp/traf/bin/pip install trafilatura
"""
import json
import sys
import time

import trafilatura


def read(page):
    document = trafilatura.bare_extraction(page, with_metadata=True, include_comments=False, include_tables=True)
    return (document.as_dict().get("text") or "") if document else ""


pages = json.loads(sys.stdin.readline())
for _ in sys.stdin:
    started = time.perf_counter()
    texts = [read(page) for page in pages]
    print(json.dumps([time.perf_counter() - started, texts]), flush=True)
