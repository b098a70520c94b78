"""Follows the links of records in a real Chromium and looks whether the figure is in sight.

python links.py SOLIEU FOLDER. The page is made from blocks of text, which are also the text that is read, so the place of each
figure in the page is known. Lines stand far apart: only one or two are in sight at a time.
"""

import html
import json
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

program, folder = sys.argv[1], Path(sys.argv[2])
HIGH, LINE = 900, 300

BLOCKS = [
    ("h1", "Toàn tỉnh có 94 xã đạt chuẩn nông thôn mới"),
    ("p", "HỘ NGHÈO GIẢM CÒN 3,02% SO VỚI CÙNG KỲ NĂM TRƯỚC"),
    ("p", "Hộ nghèo giảm còn 3,02% so với cùng kỳ năm trước; hồ nghèo giảm còn 3,02% diện tích, theo báo cáo của ngành."),
    ("p", "Sản lượng A-B, C&D và \"thép - tấm\" đạt 1.250 tấn, tăng 5% (kế hoạch 1.200 tấn); giá trị 4 - 5% doanh thu, 73/129 xã."),
    ("p", "Trong đó có\u00a012 huyện, 5\u00a0thị xã  và 1.234\u200b.567 người; 300 nghìn m² sàn, 45 triệu đồng/người/năm."),
    ("p", "Ty\u0309 le\u0323\u0302 bao phu\u0309 đạt 90,5% dân số."),
    ("p", "Huyện Một có 12 xã nghèo."),
    ("p", "Huyện Hai có 12 xã nghèo."),
    ("p", "Kết quả năm nay của ba nhóm xã: tăng 5%, tăng 5%, tăng 5%, rồi lại tăng 5% nữa."),
    ("td", "Diện tích"), ("td", "94 ha"), ("td", "95 ha"),
    ("td", "Sản lượng"), ("td", "94 tấn"), ("td", "94 tấn"),
    ("p", "Nguồn vốn 12,5 tỷ đồng, trong đó 80% từ ngân sách, còn lại 20% do dân góp."),
]


def page():
    body, row = [], []
    for number, (tag, text) in enumerate(BLOCKS):
        block = f'<{tag} id="b{number}">{html.escape(text)}</{tag}>'
        (row if tag == "td" else body).append(block)
        if len(row) == 3:
            body.append(f"<table><tr>{''.join(row)}</tr></table>")
            row = []
    style = f"body{{width:420px;font-size:16px;line-height:{LINE}px;padding:3000px 0}} td{{min-width:100px}}"
    return f"<!doctype html><meta charset=utf-8><title>Thử</title><style>{style}</style>{''.join(body)}"


def place(char):
    """The block of a character of the text, and the place in it."""
    start = 0
    for number, (_, text) in enumerate(BLOCKS):
        if char <= start + len(text):
            return number, char - start
        start += len(text) + 1
    raise ValueError(char)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def serve():
    (folder / "tin.html").write_text(page(), encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/tin.html"


def records(url):
    row = {"id": "tin", "url": url, "text": "\n".join(text for _, text in BLOCKS)}
    done = subprocess.run([program, "extract"], input=json.dumps(row), capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def browser():
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", f"--window-size=800,{HIGH}"):
        options.add_argument(argument)
    return webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))


WHERE = """
const [number, start, end] = arguments;
const node = document.getElementById('b' + number).firstChild, range = document.createRange();
const units = [...node.data].map(c => c.length), at = n => units.slice(0, n).reduce((a, b) => a + b, 0);
range.setStart(node, at(start)); range.setEnd(node, at(end));
const box = range.getClientRects()[0];
return [window.scrollY, box.top, box.bottom, window.innerHeight];
"""

def in_sight(driver, link, record):
    """Whether a browser that follows the link has the figure in the middle of its window."""
    driver.get("about:blank")
    driver.get(link)
    number, start = place(record["span"]["chars"][0])
    end = start + record["span"]["chars"][1] - record["span"]["chars"][0]
    scrolled, top, bottom, high = driver.execute_script(WHERE, number, start, end)
    return scrolled > 0 and abs((top + bottom) / 2 - high / 2) < LINE / 2


url = serve()
found = records(url)
assert len(found) >= 25, len(found)
driver = browser()
try:
    faults = [r for r in found if not in_sight(driver, r["link"], r)]
    # The quote alone does not do: were all in sight so, this test would see nothing.
    bare = [r for r in found if in_sight(driver, f"{url}#:~:text={quote(r['quote'], safe='').replace('-', '%2D')}", r)]
finally:
    driver.quit()
for fault in faults:
    print("not in sight:", fault["quote"], unquote(fault["link"].split(":~:")[1]))
print(f"{len(found) - len(faults)} of {len(found)} figures in sight; {len(bare)} by the quote alone")
sys.exit(bool(faults) or len(bare) > len(found) - 5)
