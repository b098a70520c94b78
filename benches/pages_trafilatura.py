#!/usr/bin/env python3
"""Pages per second of Python's trafilatura, for comparison with `cargo bench --bench pages`.

    python3 -m venv /tmp/traf && /tmp/traf/bin/pip install trafilatura lxml_html_clean
    /tmp/traf/bin/python benches/pages_trafilatura.py [DIR]        (default: corpus/pages)
"""
import glob
import os
import sys
import time

import trafilatura

folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "..", "corpus", "pages")
pages = [open(p, encoding="utf-8", errors="replace").read() for p in sorted(glob.glob(os.path.join(folder, "*.html")))]
rounds = max(1, 200 // max(1, len(pages)))
letters = 0
started = time.perf_counter()
for _ in range(rounds):
    for page in pages:
        document = trafilatura.bare_extraction(page, with_metadata=True, include_comments=False)
        letters += len((document.as_dict().get("text") or "") if document else "")
seconds = time.perf_counter() - started
print(f"{rounds * len(pages)} pages in {seconds:.2f} s: {rounds * len(pages) / seconds:.0f} pages/s; {letters // rounds} letters")
