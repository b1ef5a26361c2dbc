"""Plays the main job of a person in the console, and "Try it out" in the docs."""

import json
import re
import unittest

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from browser import ANALYST, URL, Browser, api


class SigningIn(Browser):
    def test_tells_why_a_token_is_refused_and_takes_a_good_one(self):
        self.driver.get(URL + "/")

        self.fill("Access token", "no-such-token")
        self.press("Continue")
        self.reads("main [role=alert]", "token")
        self.fill("Access token", ANALYST + Keys.ENTER)

        self.reads("#who", "analyst@example.com")
        self.reads("h1", "Catalog")

    def test_keeps_the_token_in_the_tab_and_forgets_it(self):
        self.open_as(ANALYST)
        self.reads("#who", "analyst@example.com")

        kept = self.driver.execute_script("return [localStorage.length, document.cookie]")
        self.press("Sign out")

        self.reads("h1", "Who are you?")
        self.assertEqual(kept, [0, ""])
        self.assertEqual(self.driver.execute_script("return sessionStorage.length"), 0)

    def test_asks_for_no_token_behind_a_proxy_that_sends_it(self):
        self.put_proxy_before("sandbox-engineer")

        self.driver.get(URL + "/")

        self.reads("#who", "engineer@example.com")
        self.assertEqual(self.text_of("#account"), "engineer@example.com")
        self.driver.get(URL + "/docs#get_me")
        self.reads("#get_me", "Try it out")
        self.until(lambda: not self.driver.find_element(By.ID, "token").is_displayed(), "the token field stays")

    def test_says_what_is_wrong_with_the_token_of_a_proxy_without_asking_for_another(self):
        self.put_proxy_before("no-such-token")

        self.driver.get(URL + "/")

        self.reads("main [role=alert]", "AUTH_INVALID")
        self.assertEqual(self.driver.find_elements(By.CSS_SELECTOR, "input[type=password]"), [])


class KeepingPreferences(Browser):
    value = '{"mode":"dark","exact":9007199254740993,"price":1.10}'

    def test_keeps_every_digit_from_the_first_save_to_the_deletion(self):
        self.open_as(ANALYST, "#/preferences")

        self.press("New preference")
        self.fill("Key", "browser/theme")
        self.fill("Value", self.value)
        self.press("Save")
        self.reads("#news", '"browser/theme" is saved.')
        stored = api("GET", "/api/preferences/browser%2Ftheme")
        self.press("Edit browser/theme")
        shown = self.control("Value").get_attribute("value")
        self.picture("console-preferences")
        self.control("Value").send_keys(Keys.CONTROL, Keys.END)
        self.control("Value").send_keys(Keys.BACKSPACE, ', "more": 1e400}')
        self.press("Save")
        self.reads("main table", "1e400")
        changed = api("GET", "/api/preferences/browser%2Ftheme")
        self.press("Edit browser/theme")
        self.press("Delete")
        self.driver.switch_to.alert.accept()
        self.reads("#news", '"browser/theme" is deleted.')

        self.assertIn(self.value, stored)
        self.assertEqual(shown, '{\n  "mode": "dark",\n  "exact": 9007199254740993,\n  "price": 1.10\n}')
        for digits in ("9007199254740993", "1.10", "1e400"):
            self.assertIn(digits, changed)

    def test_does_not_overwrite_what_somebody_else_changed(self):
        api("PUT", "/api/preferences/shared", '{"preference_value":{"n":1}}')
        self.open_as(ANALYST, "#/preferences")
        self.press("Edit shared")
        self.control("Value")
        api("PUT", "/api/preferences/shared", '{"preference_value":{"n":2}}')

        self.fill("Value", '{"n":3}')
        self.press("Save")
        self.reads("main [role=alert]", "changed or deleted meanwhile")
        kept = json.loads(api("GET", "/api/preferences/shared"))["preference_value"]
        self.press("Load it")

        self.until(lambda: '"n": 2' in self.control("Value").get_attribute("value"), "the newer value is not shown")
        self.assertEqual(kept, {"n": 2})
        api("DELETE", "/api/preferences/shared")

    def test_says_what_is_no_json(self):
        self.open_as(ANALYST, "#/preferences")
        self.press("New preference")
        self.fill("Key", "broken")

        self.fill("Value", "[1]")
        self.press("Save")

        self.reads("main [role=alert]", "must be a JSON object")


class BrowsingTheCatalog(Browser):
    def rows(self):
        return [[cell.text for cell in row.find_elements(By.CSS_SELECTOR, "td")]
                for row in self.driver.find_elements(By.CSS_SELECTOR, "main tbody tr")]

    def test_shows_a_table_in_pages_filtered_and_in_order(self):
        self.open_as(ANALYST)
        self.press("samples")
        self.press("nyctaxi")
        self.press("trips")
        self.reads(".pager", "rows 1 to 20 of 20,000")
        self.reads("h2", "samples.nyctaxi.trips")

        self.press("Add a filter")
        Select(self.control("Column")).select_by_visible_text("trip_distance")
        Select(self.control("Is")).select_by_value("gt")
        self.fill("Value", "10")
        self.press("Apply")
        self.until(lambda: "20,000" not in self.text_of(".pager") and "of" in self.text_of(".pager"), "no filter")
        self.press("fare_amount", "thead")
        self.reads("main", "ordered by fare_amount")
        first = self.rows()
        self.picture("console")
        self.press("Next")
        self.reads(".pager", "rows 21 to 40")
        focused = self.driver.switch_to.active_element.text
        second = self.rows()

        fares = [float(row[3]) for row in first + second]
        self.assertEqual(fares, sorted(fares))
        self.assertTrue(all(float(row[2]) > 10 for row in first + second))
        self.assertEqual(len(first), 20)
        self.assertEqual(focused, "Next")
        self.assertTrue(self.driver.current_url.endswith("#/catalog/samples/nyctaxi/trips"))

    def test_helps_where_a_right_is_missing(self):
        self.open_as("sandbox-guest", "#/catalog/samples/nyctaxi/trips")

        self.reads("main [role=alert]", "CATALOG_PERMISSION_DENIED")

    def test_says_what_is_wrong_with_a_filter(self):
        self.open_as(ANALYST, "#/catalog/samples/nyctaxi/trips")
        self.press("Add a filter")
        Select(self.control("Column")).select_by_visible_text("trip_distance")

        self.fill("Value", "far")
        self.press("Apply")

        self.reads("form [role=alert]", '"far" is no number.')


class InvokingAModel(Browser):
    def test_fills_the_form_from_the_schema_and_shows_the_answer_and_its_log(self):
        self.open_as(ANALYST, "#/models")
        self.press("nyctaxi-fare")
        self.reads("main", "MLFLOW_MODEL")
        example = [self.control(x).get_attribute("value") for x in ("trip_distance *", "pickup_hour *")]

        self.fill("trip_distance *", "2.5")
        self.fill("pickup_hour *", "8")
        self.press("Invoke")
        self.reads("#predictions", "9.8548")
        self.picture("console-model")
        request = re.search(r"request ([0-9a-f-]{36})", self.text_of("main")).group(1)
        self.press("See the history")
        self.reads("h1", "Inference history")
        self.press("Show")

        self.reads("main table", request)
        self.reads("main table", '"trip_distance": 2.5')
        self.picture("console-history")
        self.assertEqual(example, ["1.5", "1"])

    def test_takes_the_inputs_as_json_and_says_what_is_wrong_with_a_number(self):
        self.open_as(ANALYST, "#/models/nyctaxi-fare")
        self.fill("pickup_hour *", "8.5")
        self.press("Invoke")
        self.reads("form [role=alert]", 'pickup_hour must be an integer, not "8.5".')

        self.press("Edit as JSON")
        self.fill("Inputs", '{"trip_distance": 2.5, "pickup_hour": 8}')
        self.press("Invoke")

        self.reads("#predictions", "9.8548")

    def test_filters_the_history(self):
        api("POST", "/api/model-serving/invoke",
            '{"endpoint_name":"nyctaxi-fare","inputs":{"trip_distance":1,"pickup_hour":1}}')
        self.open_as(ANALYST, "#/history")
        self.reads("main table", "SUCCESS")

        Select(self.control("Outcome")).select_by_value("TIMEOUT")
        self.press("Apply")

        self.reads("main", "No invocation fits.")


class ReadingTheDocs(Browser):
    def test_sends_a_request_and_shows_its_answer(self):
        self.driver.get(URL + "/docs")
        self.fill("Access token", ANALYST, "header")
        self.fill("Find an operation", "filtered")
        self.find("#query_table_with_filters summary").click()
        self.press("Try it out", "#query_table_with_filters")
        command = self.driver.find_element(By.CSS_SELECTOR, "#query_table_with_filters form details pre")

        self.press("Send", "#query_table_with_filters")
        self.reads("#query_table_with_filters .status", "200")
        self.picture("docs", "#query_table_with_filters")

        self.reads("#query_table_with_filters .answer", '"user_id": "analyst@example.com"')
        curl = command.get_attribute("textContent")
        self.assertIn(f"curl -X POST '{URL}/api/unity-catalog/query'", curl)
        self.assertIn('-H "X-Forwarded-Access-Token: $TOKEN"', curl)
        self.assertNotIn(ANALYST, curl)

    def test_fills_in_the_path_and_shows_a_refusal(self):
        self.open_as(ANALYST, "docs#get_preference")
        self.press("Try it out", "#get_preference")

        self.fill("key *", "no/such key", "#get_preference")
        self.press("Send", "#get_preference")

        self.reads("#get_preference .status", "404")
        self.reads("#get_preference .answer", "PREFERENCE_NOT_FOUND")

    def test_shows_every_operation_of_the_document(self):
        document = json.loads(api("GET", "/openapi.json"))
        wanted = [x["operationId"] for path in document["paths"].values() for x in path.values()]
        self.driver.get(URL + "/docs")
        self.find("details.operation")

        shown = [x.get_attribute("id") for x in self.driver.find_elements(By.CSS_SELECTOR, "details.operation")]

        self.assertEqual(sorted(shown), sorted(wanted))


class UsingTheKeyboardOnly(Browser):
    def test_skips_to_the_content_and_follows_the_views(self):
        self.open_as(ANALYST)
        self.reads("#who", "analyst@example.com")

        self.driver.switch_to.active_element.send_keys(Keys.TAB)
        skip = self.driver.switch_to.active_element.text
        self.driver.switch_to.active_element.send_keys(Keys.TAB, Keys.NULL)
        self.driver.switch_to.active_element.send_keys(Keys.TAB, Keys.NULL)
        self.driver.switch_to.active_element.send_keys(Keys.ENTER)
        self.reads("h1", "Models")

        self.assertEqual(skip, "Skip to the content")
        self.assertEqual(self.driver.switch_to.active_element.text, "Models")
        self.assertEqual(self.driver.title, "Models · Lakegate")

    def test_every_control_has_a_name(self):
        for view in ("#/catalog/samples/nyctaxi/trips", "#/models/sandbox-chat", "#/history", "#/preferences", "docs#query_table"):
            self.open_as(ANALYST, view)
            self.find("main button")
            nameless = self.driver.execute_script("""
                return [...document.querySelectorAll("input, select, textarea, button")].filter(x =>
                  !x.labels?.length && !x.textContent.trim() && !x.getAttribute("aria-label")).map(x => x.outerHTML)""")
            self.assertEqual(nameless, [], view)


if __name__ == "__main__":
    unittest.main()
