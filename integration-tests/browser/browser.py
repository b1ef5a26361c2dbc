"""What the tests of the pages are written in: a Chromium, and verbs for what a person does in it.

LAKEGATE_URL is a gateway in front of the sandbox workspace; see ./run. Chromium is driven
through its own WebDriver; nothing here waits longer than PATIENCE seconds.
"""

import os
import tempfile
import unittest
import urllib.request

from selenium import webdriver
from selenium.common.exceptions import TimeoutException, WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

URL = os.environ["LAKEGATE_URL"]
SCREENSHOTS = os.environ.get("LAKEGATE_SCREENSHOTS", "")
ANALYST = "sandbox-analyst"
PATIENCE = 30


def start_chromium(profile):
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ("--headless=new", "--window-size=1200,1000", "--disable-dev-shm-usage",
                     "--disable-gpu", "--no-first-run", "--lang=en-US", f"--user-data-dir={profile}"):
        options.add_argument(argument)
    if os.geteuid() == 0:  # Chromium's own sandbox refuses root.
        options.add_argument("--no-sandbox")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)


def api(method, path, body=None, token=ANALYST):
    """The API past the browser, as somebody else's client would use it."""
    headers = {"X-Forwarded-Access-Token": token, "Content-Type": "application/json"}
    data = None if body is None else body.encode()
    request = urllib.request.Request(URL + path, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return answer.read().decode()


class Browser(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        cls.addClassCleanup(profile.cleanup)
        cls.driver = start_chromium(profile.name)
        cls.addClassCleanup(cls.driver.quit)

    def setUp(self):
        """Every test in a tab of its own, which has no token."""
        self.driver.switch_to.new_window("tab")
        self.addCleanup(self.close_tab)

    def close_tab(self):
        self.driver.close()
        self.driver.switch_to.window(self.driver.window_handles[0])

    def tearDown(self):
        """Whatever was done: no other host was asked, and no script or style was refused."""
        asked = self.driver.execute_script(
            "return performance.getEntriesByType('resource').map(x => x.name)")
        self.assertEqual([x for x in asked if not x.startswith((URL, "data:"))], [])
        worst = [x["message"] for x in self.driver.get_log("browser") if x["level"] == "SEVERE"]
        self.assertEqual([x for x in worst if "Failed to load resource" not in x], [])

    def until(self, condition, what):
        """What `condition` gives once it gives something; an element that was replaced between
        two looks is looked for again."""
        last = []

        def holds(_):
            try:
                return condition()
            except WebDriverException as x:
                last[:] = [x.msg]
                return None

        try:
            return WebDriverWait(self.driver, PATIENCE, 0.05).until(holds)
        except TimeoutException:
            self.fail(f"{what} {last}; the page reads:\n{self.text_of('body')}")

    def find(self, css):
        """The first shown element; waits for it."""
        def shown():
            return next((x for x in self.driver.find_elements(By.CSS_SELECTOR, css)
                         if x.is_displayed()), None)
        return self.until(shown, f"{css} is not shown")

    def control(self, label, within="main"):
        """The last shown control with that label: what a screen reader would find."""
        def labelled():
            for x in reversed(self.driver.find_elements(By.CSS_SELECTOR, f"{within} label")):
                if x.is_displayed() and x.text.strip() == label:
                    return self.driver.find_element(By.ID, x.get_attribute("for"))
            return None
        return self.until(labelled, f"there is no control {label}")

    def press(self, name, within="body"):
        def pressed():
            for x in self.driver.find_elements(By.CSS_SELECTOR, f"{within} button, {within} a, {within} summary"):
                names = (x.get_attribute("aria-label"), x.text.strip().split("\n")[0])
                if x.is_displayed() and name in names:
                    self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", x)
                    x.click()
                    return True
            return False
        self.until(pressed, f"there is nothing to press named {name}")

    def fill(self, label, text, within="main"):
        control = self.control(label, within)
        control.clear()
        control.send_keys(text)

    def text_of(self, css):
        found = self.driver.find_elements(By.CSS_SELECTOR, css)
        return found[0].text if found else ""

    def reads(self, css, words):
        self.until(lambda: words in self.text_of(css), f"{css} does not read {words!r}")

    def open_as(self, token, view=""):
        self.driver.get(URL + "/openapi.json")
        self.driver.execute_script("sessionStorage.setItem('lakegate-token', arguments[0])", token)
        self.driver.get(URL + "/" + view)

    def put_proxy_before(self, token):
        """As the proxy of Databricks Apps: this tab's requests carry the token."""
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.setExtraHTTPHeaders",
                                    {"headers": {"X-Forwarded-Access-Token": token}})

    def picture(self, name, top="header"):
        if SCREENSHOTS:
            self.driver.execute_script("document.querySelector(arguments[0]).scrollIntoView()", top)
            self.driver.save_screenshot(os.path.join(SCREENSHOTS, name + ".png"))
