"""Deploying from the studio, and who is answered by which version."""

import httpx2
from playwright.sync_api import Page, expect
from tests.fixtures.studio import Studio, picture, violations


def test_an_arm_becomes_a_model_that_clients_call(studio: Studio, page: Page) -> None:
    """From the page to an answer over the API, and back to the page."""
    page.goto(studio.at("/deployments"))
    expect(page.get_by_text("No deployments yet")).to_be_visible()
    assert violations(page) == []
    picture(page, "deployments-empty")
    page.get_by_role("button", name="Deploy", exact=True).click()
    page.get_by_label("Arm or flow").click()
    page.get_by_role("option", name="rag", exact=True).click()
    page.get_by_label("Model name for clients").fill("desk")
    page.get_by_test_id("deploy").click()
    expect(page.get_by_role("heading", name="desk", exact=True)).to_be_visible()

    asked = {"model": "desk", "messages": [{"role": "user", "content": "How many days of leave?"}]}
    answer = httpx2.post(f"{studio.url}/v1/chat/completions", json=asked, timeout=60).json()
    assert "28 days" in answer["choices"][0]["message"]["content"]
    page.reload()

    expect(page.get_by_role("region", name="Results by version")).to_be_visible()
    assert violations(page) == []
    picture(page, "deployment")


def test_a_bar_that_is_not_measured_keeps_it_from_going_live(studio: Studio, page: Page) -> None:
    """Nobody deploys below the bar by a click, and the page says why."""
    page.goto(studio.at("/deployments"))
    page.get_by_role("button", name="Deploy", exact=True).click()
    page.get_by_label("Bar, e.g.").fill("correctness=0.6")
    page.get_by_test_id("deploy").click()

    expect(page.get_by_role("alert")).to_contain_text("has not been measured")


def test_a_name_that_cannot_be_is_refused_in_words(studio: Studio, page: Page) -> None:
    """What clients call must be writable for them."""
    page.goto(studio.at("/deployments"))
    page.get_by_role("button", name="Deploy", exact=True).click()
    page.get_by_label("Model name for clients").fill("<b>Desk</b>")
    page.get_by_test_id("deploy").click()

    expect(page.get_by_role("alert")).to_contain_text("is not a valid deployment name")


def test_versions_go_live_and_back(studio: Studio, page: Page) -> None:
    """A second version goes live, and is rolled back with two clicks."""
    for _ in range(2):
        page.goto(studio.at("/deployments?arm=rag"))
        page.get_by_label("Model name for clients").fill("desk")
        page.get_by_test_id("deploy").click()
        expect(page.get_by_role("heading", name="desk", exact=True)).to_be_visible()
    expect(page.get_by_role("row", name="@2")).to_contain_text("live")

    page.get_by_role("button", name="Roll back").click()
    page.get_by_role("dialog").get_by_role("button", name="Roll back").click()

    expect(page.get_by_role("row", name="@1")).to_contain_text("live")
    expect(page.get_by_role("row", name="@2")).to_contain_text("inactive")
