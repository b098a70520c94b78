"""Works through `solieu review` in a real Chromium, by keyboard, and compares what the store has with what was pressed.

python review.py SOLIEU FOLDER SHOTS. Articles of the corpus are read twice, the second time with other figures; ten items are decided on,
taken back, decided on at once; the page is loaded anew; gold is exported. Then a queue of 10,000 items is timed. Pictures go to SHOTS.
"""

import json
import re
import sqlite3
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

program, folder, shots = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
shots.mkdir(parents=True, exist_ok=True)
ITEMS = 10_000


def run(*arguments):
    return subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=True).stdout


def rows(changed):
    """The articles; changed: with another figure in each, a sentence more in some, a paragraph less in others."""
    for number, path in enumerate(sorted(Path("corpus/press").glob("*.txt"))):
        text = path.read_text(encoding="utf-8")
        if changed:
            text = re.sub(r"\b(\d{2}) (xã|hộ|người|ha|dự án)", lambda m: f"{int(m[1]) + 1} {m[2]}", text, count=1)
            text += "\nNăm 2024, toàn tỉnh có thêm 17 hợp tác xã." if number % 3 == 0 else ""
            lines = text.split("\n")
            text = "\n".join(lines[:-2]) if number % 3 == 1 else text
        yield {"id": path.stem, "url": f"https://example.org/{path.stem}.html", "text": text}


def keep(store, documents):
    path = folder / "in.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in documents), encoding="utf-8")
    run("extract", path, "--store", store)


class Site:
    def __init__(self, store, *more):
        command = [program, "review", str(store), "--port", "0", *more]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.url = self.process.stdout.readline().strip().rstrip("/")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def browser(width=1400, height=900, mobile=False):
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    flags = "--headless=new --no-sandbox --disable-dev-shm-usage --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
    for argument in [*flags.split(), f"--window-size={width},{height}", "--lang=en"]:
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"intl.accept_languages": "en", "download.default_directory": str(folder)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    if mobile:
        options.add_experimental_option("mobileEmulation", {"deviceMetrics": {"width": 390, "height": 844, "pixelRatio": 2}})
    return webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))


def text(driver, selector):
    return driver.execute_script("return document.querySelector(arguments[0])?.textContent ?? null", selector)


def settled(driver, before):
    """Waits until the address is another one and the page has arrived."""
    WebDriverWait(driver, 10, 0.02).until(lambda d: d.current_url != before and d.execute_script("return !('busy' in document.documentElement.dataset)"))


def press(driver, key, moves=True):
    before = driver.current_url
    ActionChains(driver).send_keys(key).perform()
    if moves:
        settled(driver, before)
    else:
        time.sleep(0.4)


def shot(driver, name):
    driver.save_screenshot(str(shots / f"{name}.png"))


def key(driver):
    return driver.execute_script("return document.querySelector('.bar [name=at]')?.value ?? null")


def axe(driver, name):
    """What a checker of accessibility finds, where it is installed."""
    try:
        import axe_core_python
    except ImportError:
        return
    script = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    driver.execute_script(script)
    found = driver.execute_async_script("const done = arguments[0]; axe.run(document).then(r => done(r.violations))")
    told = [f"{name}: {v['id']}: {v['nodes'][0]['target']} {v['nodes'][0].get('failureSummary', '')}" for v in found]
    assert not told, "\n".join(told)


def log(store):
    with sqlite3.connect(store) as connection:
        return connection.execute("SELECT reviewer, item, verdict FROM decisions ORDER BY decision").fetchall()


def scenario(driver, site, store):
    driver.get(site.url)
    shot(driver, "1-who")
    axe(driver, "who")
    driver.find_element(By.ID, "name").send_keys("An", Keys.ENTER)
    WebDriverWait(driver, 10).until(lambda d: "state=open" in d.current_url)
    shot(driver, "2-item")
    axe(driver, "item")
    all_items = int(re.search(r"of ([\d,]+)", text(driver, ".found"))[1].replace(",", ""))
    assert all_items >= 20, all_items

    # Ten items by keyboard; what stands is what was pressed.
    pressed = []
    for say, letter in zip(["accept", "reject", "accept", "skip", "accept"] * 2, "arasa" * 2):
        pressed.append(("An", key(driver), say))
        press(driver, letter)
    assert log(store) == pressed, (log(store), pressed)
    assert text(driver, ".progress span").startswith(f"10 of {all_items}"), text(driver, ".progress span")

    # A held key and a key with another one held down decide nothing; Escape only leaves.
    ActionChains(driver).key_down(Keys.CONTROL).send_keys("r").key_up(Keys.CONTROL).perform()
    ActionChains(driver).send_keys(Keys.ESCAPE).perform()
    # An input method that takes the letter leaves the code.
    driver.execute_script("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'a', code: 'KeyA', isComposing: true, bubbles: true}))")
    driver.execute_script("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'a', code: 'KeyA', repeat: true, bubbles: true}))")
    time.sleep(0.4)
    assert len(log(store)) == 10

    # Undo goes back item by item.
    press(driver, "u")
    assert key(driver) == pressed[-1][1]
    press(driver, "u")
    assert key(driver) == pressed[-2][1] and len(log(store)) == 12
    assert text(driver, ".progress span").startswith("8 of")
    shot(driver, "3-undone")
    # Telex gives the key another name, and the same code.
    driver.execute_script("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'Process', code: 'KeyA', bubbles: true}))")
    WebDriverWait(driver, 10).until(lambda _: len(log(store)) == 13)
    time.sleep(0.3)

    # Next, previous, and back again decide nothing.
    first = key(driver)
    press(driver, "j")
    assert key(driver) != first
    press(driver, "k")
    assert key(driver) == first and len(log(store)) == 13

    # A correction, a wrong one first; a note.
    driver.get(f"{site.url}/items?state=open&class=value")
    first = key(driver)
    press(driver, "e")
    shot(driver, "4-edit")
    axe(driver, "edit")
    field = driver.find_element(By.NAME, "f.value.amount")
    assert driver.switch_to.active_element == field
    field.clear()
    field.send_keys("many", Keys.ENTER)
    WebDriverWait(driver, 10).until(lambda d: "no decimal" in d.page_source)
    field = driver.find_element(By.NAME, "f.value.amount")
    field.clear()
    field.send_keys("123.5")
    before = driver.current_url
    field.send_keys(Keys.ENTER)
    settled(driver, before)
    assert log(store)[-1][1:] == (first, "edit"), log(store)[-1]
    noted = key(driver)
    press(driver, "n")
    ActionChains(driver).send_keys("áp dụng chuẩn mới?", Keys.ENTER).perform()
    WebDriverWait(driver, 10).until(lambda _: log(store)[-1][2] == "note")
    assert log(store)[-1][1] == noted
    time.sleep(0.3)
    press(driver, "e")
    press(driver, Keys.ESCAPE)
    assert "panel" not in driver.current_url and log(store)[-1][2] == "note"

    # Filter by words from the keyboard, then all of them at once.
    driver.get(f"{site.url}/items?state=open")
    ActionChains(driver).send_keys("f").perform()
    assert driver.switch_to.active_element.get_attribute("name") == "q"
    before = driver.current_url
    ActionChains(driver).send_keys("xa dat chuan", Keys.ENTER).perform()
    settled(driver, before)
    shot(driver, "5-filtered")
    count = int(re.search(r"of ([\d,]+)", text(driver, ".found"))[1].replace(",", ""))
    assert 0 < count < all_items, count
    press(driver, "b")
    shot(driver, "6-bulk")
    axe(driver, "bulk")
    assert f"Decide on {count} items at once?" in text(driver, ".panel h1")
    decisions = len(log(store))
    driver.find_element(By.CSS_SELECTOR, ".panel button.accept").click()
    WebDriverWait(driver, 10).until(lambda d: len(log(store)) == decisions + count)
    WebDriverWait(driver, 10).until(lambda d: text(d, ".end h1"))
    shot(driver, "7-end")
    press(driver, "u")
    assert len(log(store)) == decisions + 2 * count

    # All is still there after the page is loaded anew, and in a link to one item.
    driver.refresh()
    told = text(driver, ".progress span")
    driver.get(f"{site.url}/item/{pressed[0][1]}")
    assert text(driver, "h1 .state") == "You: accepted" and told
    press(driver, "h")
    shot(driver, "8-help")
    axe(driver, "help")

    # What the pages say stands is what the store says.
    listed = [json.loads(line) for line in run("decide", "list", "--store", store, "--format", "json").splitlines()]
    stands = {row["item"]: row["verdict"] for row in listed}
    for word, state in [("accept", "accepted"), ("reject", "rejected"), ("skip", "skipped"), ("edit", "corrected")]:
        driver.get(f"{site.url}/items?state={state}")
        n = sum(v == word for v in stands.values())
        assert (text(driver, ".found") or "").endswith(f"of {n}") and n, (state, n, text(driver, ".found"))

    # Gold from the page is gold from the command.
    driver.get(f"{site.url}/export?partial=1")
    shot(driver, "9-export")
    axe(driver, "export")
    cookies = "; ".join(f"{c['name']}={c['value']}" for c in driver.get_cookies())
    got = urllib.request.urlopen(urllib.request.Request(f"{site.url}/export.jsonl?partial=1", headers={"Cookie": cookies})).read().decode()
    subprocess.run([program, "decide", "export", "--store", str(store), "--partial", "-o", str(folder / "gold.jsonl")], check=False, capture_output=True)
    assert got == (folder / "gold.jsonl").read_text(encoding="utf-8") and got

    driver.get(f"{site.url}/series?indicator=ntm.commune.met")
    WebDriverWait(driver, 10).until(lambda d: d.execute_script("const i = document.querySelector('.chart img'); return i?.complete && i.naturalWidth > 0"))
    shot(driver, "10-series")
    axe(driver, "series")
    driver.get(f"{site.url}/items?lang=vi&class=value")
    shot(driver, "11-vietnamese")
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
    shot(driver, "12-dark")
    axe(driver, "dark")
    # A policy that was broken, or a fault of the script, would be told here.
    told = [entry["message"] for entry in driver.get_log("browser") if "favicon" not in entry["message"] and "422" not in entry["message"]]
    assert not told, told


def phone(site):
    driver = browser(390, 844, mobile=True)
    try:
        driver.get(site.url)
        driver.find_element(By.ID, "name").send_keys("Bình", Keys.ENTER)
        WebDriverWait(driver, 10).until(lambda d: "state=open" in d.current_url)
        shot(driver, "13-phone")
        axe(driver, "phone")
        wide = driver.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"the page is {wide} px wider than the phone"
    finally:
        driver.quit()


# From the key to the next item as it is drawn; of the empty page, from the request to the page as it is drawn.
STEP = """
const done = arguments[arguments.length - 1], start = performance.now();
const before = document.querySelector('.found').textContent;
const look = () => {
  if (document.querySelector('.found')?.textContent !== before && !('busy' in document.documentElement.dataset)) requestAnimationFrame(() => done(performance.now() - start));
  else setTimeout(look, 0);
};
document.dispatchEvent(new KeyboardEvent('keydown', {key: 'j', code: arguments[0], bubbles: true}));
look();
"""
EMPTY = """
const done = arguments[0], start = performance.now();
fetch('/nothing').then(a => a.text()).then(t => { new DOMParser().parseFromString(t, 'text/html'); requestAnimationFrame(() => done(performance.now() - start)); });
"""
PAINT = "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


def painted(driver, url):
    times = []
    for _ in range(5):
        driver.get("about:blank")
        driver.get(url)
        times.append(WebDriverWait(driver, 10, 0.05).until(lambda d: d.execute_script(PAINT)))
    return statistics.median(times)


def timing(driver):
    store = folder / "many.sqlite"
    sentence = "Năm 2024, tỉnh Lai Châu có {0} xã đạt chuẩn nông thôn mới, {1} hộ nghèo, trồng {2} ha lúa và đầu tư {3} tỷ đồng."
    keep(store, ({"id": f"tin-{n}", "text": sentence.format(n % 90 + 2, n + 5, n + 7, n + 9)} for n in range(ITEMS // 4)))
    with Site(store, "--reviewer", "An") as site:
        empty, full = painted(driver, f"{site.url}/nothing"), painted(driver, f"{site.url}/items?state=open")
        items = int(re.search(r"of ([\d,]+)", text(driver, ".found"))[1].replace(",", ""))
        assert items == ITEMS, items
        steps = statistics.median(driver.execute_async_script(STEP, "KeyJ") for _ in range(30))
        decided = statistics.median(driver.execute_async_script(STEP, "KeyA") for _ in range(30))
        base = statistics.median(driver.execute_async_script(EMPTY) for _ in range(15))
    print(f"{items} items: first paint {full:.0f} ms ({full / empty:.1f} of an empty page, {empty:.0f} ms); "
          f"next item {steps:.0f} ms, decision and next item {decided:.0f} ms (empty page {base:.0f} ms)")
    # On a machine that is slow at all, what counts is how much slower than nothing it is.
    assert full < 1000 or full < 5 * empty, (full, empty)
    assert max(steps, decided) < 100 or max(steps, decided) < 6 * base, (steps, decided, base)


store = folder / "runs.sqlite"
for changed in [False, True]:
    keep(store, rows(changed))
driver = browser()
try:
    with Site(store) as site:
        scenario(driver, site, store)
        phone(site)
    timing(driver)
finally:
    driver.quit()
print(f"pictures in {shots}")
