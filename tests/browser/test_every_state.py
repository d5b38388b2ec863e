"""Every screen in every state: axe-core finds nothing, nothing runs over the edge, nothing stays empty.

A screen that is new in the sitemap is walked here by itself; where its address holds a name that stands
for nothing yet, the tests say so. A new dialog must be named in `DIALOGS`.
"""

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.fixtures.scripted_studio import UNANSWERED
from tests.fixtures.studio import HARMLESS, SETTINGS, Studio, lay_out, lorewright, picture, start, violations
from tests.fixtures.studio_chat import ask
from tests.fixtures.studio_world import build_studio_world

from lorewright.studio import sitemap

pytestmark = pytest.mark.thorough  # some hundred looks at pages
STUDIO = Path(sitemap.__file__).parent
THERE = "main h1, main .lw-empty, main textarea, main input"
FITS = "document.documentElement.scrollWidth <= innerWidth"
LOOKS = (("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390))
WHERE = {
    "/compare/run/{job_id}": ("/compare/run/{compared}",),
    "/compare/{comparison_id}": tuple(
        f"/compare/{{comparison_id}}?tab={tab}"
        for tab in ("", "plots", "head", "failures", "questions", "what-if")
    ),
    "/documents": ("/documents", "/documents?part=collections"),
    "/documents/test": ("/documents/test", "/documents/test?question=leave"),
    "/documents/view": (
        *(
            f"/documents/view?document=leave.md&part={part}"
            for part in ("", "chunks", "about", "versions", "edit")
        ),
        "/documents/view?document=broken.pdf",
        "/documents/view?document=inner%2Ftable.md",
    ),
    "/flows/edit": ("/flows/edit?name=mine", "/flows/edit?arm=rag"),
    "/jobs/{job_id}": ("/jobs/{failed}",),
    "/settings/{part}": tuple(
        f"/settings/{part}"
        for part in ("general", "people", "groups", "keys", "usage", "health", "audit", "no")
    ),
    "/tuning/compare": ("/tuning/compare?runs={run_id},{other_run}",),
}
"""Addresses of a screen that shows more than one thing, or that takes other names than its own."""
FAILING = (
    "/advise", "/compare/new", "/compare/made", "/documents/test", "/flows", "/flows/edit?arm=rag",
)  # fmt: skip
"""Screens that need the examples, where one of them cannot be read."""
DIALOGS = {
    "parts/shortcuts.py": ("/settings/keys", "Keyboard shortcuts"),
    "parts/dialogs.py": ("/settings/keys", "Revoke k"),
    "screens/asked.py": ("/asked", "Write the answer"),
    "screens/chat/feedback.py": ("/chat/{chat_id}", "Correct this answer"),
    "screens/chat/menu.py": ("/chat/{chat_id}", "More", "menuitem:Move to folder"),
    "screens/chat/model_picker.py": ("/chat", "Models:"),
    "screens/chat/prompts.py": ("/chat", "Prompts"),
    "screens/compare/deploy_dialog.py": ("/compare/made", "Deploy"),
    "screens/compare/menu.py": ("/compare/made", "More", "menuitem:Compare with another"),
    "screens/data/feedback.py": ("/data/feedback", "Edit"),
    "screens/data/row_dialog.py": ("/data", "Edit row 1"),
    "screens/data/suggested.py": ("/data/suggested", "Edit"),
    "screens/deployments/embeds.py": ("/deployments/helpdesk", "Create an embedded chat"),
    "screens/deployments/grant.py": ("/deployments/helpdesk", "Change"),
    "screens/deployments/screen.py": ("/deployments", "Deploy"),
    "screens/documents/access.py": ("/documents", "Access"),
    "screens/documents/collection_files.py": ("/documents?part=collections", "Add files to Spa"),
    "screens/documents/collections.py": ("/documents?part=collections", "Files of Spa"),
    "screens/documents/restrictions.py": ("/documents", "Restrictions"),
    "screens/documents/sync.py": ("/documents", "Sync"),
    "screens/documents/versions.py": ("/documents/view?document=travel.md&part=versions", "View"),
    "screens/documents/web_pages.py": ("/documents", "Add web pages"),
    "screens/flows/menu.py": ("/flows/edit?name=mine", "More", "menuitem:Call it over the API"),
    "screens/flows/problems.py": ("/flows/edit?name=unfit", "Why?"),
    "screens/flows/screen.py": ("/flows", "Import"),
    "screens/retrieval/save_question.py": ("/documents/test?question=leave", "Mark as relevant: leave.md"),
    "screens/settings/groups.py": ("/settings/groups", "Add group"),
    "screens/settings/invitations.py": ("/settings/people", "Invite somebody"),
    "screens/settings/keys.py": ("/settings/keys", "Create API key"),
    "screens/settings/people.py": ("/settings/people", "Add user"),
    "screens/tuning/run.py": ("/tuning/runs/{run_id}", "Export"),
}
"""What opens the dialog of a module: where, and what is pressed, one after the other."""
AT_ONCE = (
    "/settings",
    "/settings/{part}",
    "/data/examples/new",
    "/data/import",
    "/advise/ask",
    "/domains/new",
)
"""Screens that wait for nothing."""
ELSEWHERE = {
    "parts/page_view.py": "test_document_pages.py",
    "screens/documents/restore.py": "test_documents.py",
    "visit.py": "test_settings.py",
}
"""Dialogs that are looked at where the way to them is walked."""


@dataclass
class World:
    """A studio, what stands for the names in its addresses, and where it logs."""

    studio: Studio
    ids: Mapping[str, str]
    log: Path
    hold: Path

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let nothing come that a screen waits for."""
        self.hold.touch()
        try:
            yield
        finally:
            self.hold.unlink()

    def at(self, path: str) -> str:
        """Return the address of a path, whose names stand for what is there, or for nothing."""
        return self.studio.at(re.sub(r"\{(\w+)\}", lambda name: self.ids.get(name[1], "nothing"), path))


def served(folder: Path, ids: Mapping[str, str]) -> Iterator[World]:
    log, hold = folder.parent / "server.log", folder.parent / "hold"
    world = World(start(folder, f"--hold={hold}", log=log), ids, log, hold)
    yield world
    world.studio.process.terminate()
    world.studio.process.communicate(timeout=20)
    assert "Traceback" not in log.read_text()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    return build_studio_world(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def full(built: tuple[Path, dict[str, str]]) -> Iterator[World]:
    """A studio with something on every screen."""
    yield from served(*built)


@pytest.fixture(scope="module")
def failing(built: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The same, with a line among the examples that cannot be read."""
    folder, ids = built
    copy = shutil.copytree(folder, tmp_path_factory.mktemp("failing") / "handbook")
    (copy / "examples" / "broken.jsonl").write_text('{"question": "Broken?"\n')
    yield from served(copy, ids)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A studio over a domain where nothing was done yet."""
    yield from served(lay_out(tmp_path_factory.mktemp("fresh") / "handbook", pages={}), {})


@pytest.fixture(scope="module")
def down(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A studio whose chat model is on a server that does not answer."""
    settings = SETTINGS.replace("file:/models/parrot.gguf", "openai:large@http://127.0.0.1:9/v1")
    folder = lay_out(tmp_path_factory.mktemp("down") / "handbook", settings=settings)
    lorewright(folder, "add", "--sync")
    yield from served(folder, {})


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Page]:
    """One page for all of it: what is loaded once is there."""
    context = browser.new_context(locale="en-GB", reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda told: errors.append(told.text) if told.type == "error" else None)
    yield page
    context.close()
    assert not [error for error in errors if not any(word in error for word in HARMLESS)]


def go(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 860})
    page.emulate_media(color_scheme="light")
    page.goto(address)
    expect(page.locator(THERE).first).to_be_visible()
    expect(page.locator(".lw-loading")).to_have_count(0)


def looks_well(page: Page, name: str) -> None:
    """Look at a state by day and by night, on a desk and on a phone."""
    slug = re.sub(r"\W+", "-", name).strip("-")
    for scheme, width in LOOKS:
        page.set_viewport_size({"width": width, "height": 860})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        expect(page.locator("body.body--dark")).to_have_count(int(scheme == "dark"))
        if (scheme, width) in (LOOKS[0], LOOKS[-1]):
            picture(page, f"state-{slug}-{width}")
        assert violations(page) == [], f"{name}, {scheme}, {width} px"
        page.wait_for_function(FITS, timeout=5_000)


def short(paths: str) -> str:
    return paths.strip("/") or "home"


@pytest.mark.parametrize("screen", sitemap.SCREENS, ids=short)
def test_a_screen_with_something_on_it(screen: str, full: World, window: Page) -> None:
    """Long names, failures and all: it can be read, by whoever and on whatever."""
    for path in WHERE.get(screen, (screen,)):
        assert all(name in full.ids for name in re.findall(r"\{(\w+)\}", path)), f"say what {path} shows"
        go(window, full.at(path))
        looks_well(window, f"full {path}")


@pytest.mark.parametrize("screen", sitemap.SCREENS, ids=short)
def test_a_screen_with_nothing_on_it_yet(screen: str, fresh: World, window: Page) -> None:
    """An empty domain, or an address of nothing: the screen says so and leads on."""
    go(window, fresh.at(screen))
    looks_well(window, f"fresh {screen}")
    leads_on = "a[href]:visible, button:visible, input:visible, textarea:visible"
    expect(window.get_by_role("main").locator(leads_on)).not_to_have_count(0)


@pytest.mark.parametrize("path", FAILING, ids=short)
def test_a_screen_that_cannot_be_shown_says_why(path: str, failing: World, window: Page) -> None:
    """One bad line must not leave an empty page: it is named, with the way to where it is mended."""
    go(window, failing.at(path))
    error = window.get_by_role("main").get_by_role("alert")
    expect(error).to_contain_text("broken.jsonl, line 1")
    looks_well(window, f"failing {path}")
    error.get_by_role("button", name="Go to Data").click()
    expect(window.get_by_text("1 invalid row.")).to_be_visible()


@pytest.mark.parametrize("screen", sitemap.SCREENS, ids=short)
def test_a_screen_that_is_still_loading(screen: str, full: World, window: Page) -> None:
    """A slow disk must not look like an empty page: whoever waits is told so, and then sees what comes."""
    path = WHERE.get(screen, (screen,))[0]
    window.set_viewport_size({"width": 1280, "height": 860})
    with full.held():
        window.goto(full.at(path))
        waiting = window.get_by_role("main").get_by_role("status").filter(has_text="Loading …")
        if screen in AT_ONCE:
            expect(window.locator(THERE).first).to_be_visible()
            expect(window.locator(".lw-loading")).to_have_count(0)
            return
        expect(waiting).to_have_count(1)
        looks_well(window, f"loading {path}")
        expect(waiting).to_have_count(1)
    window.set_viewport_size({"width": 1280, "height": 860})
    expect(window.locator(".lw-loading")).to_have_count(0)
    expect(window.locator(THERE).first).to_be_visible()


@pytest.mark.parametrize("module", ["screens/chat/model_picker.py", "screens/chat/prompts.py"])
def test_a_dialog_that_is_still_loading(module: str, full: World, window: Page) -> None:
    """What was asked for is open at once, and says that its content is on its way."""
    path, press = DIALOGS[module]
    go(window, full.at(path))
    with full.held():
        window.get_by_role("button", name=re.compile(f"^{re.escape(press)}")).first.click()
        waiting = window.get_by_role("dialog").get_by_role("status")
        expect(waiting).to_contain_text("Loading …")
        looks_well(window, f"loading dialog {module}")
    expect(waiting).to_have_count(0)
    window.keyboard.press("Escape")


def test_a_model_server_that_is_down(down: World, window: Page) -> None:
    """Whoever waits for an answer that cannot come is told so where they are, and what to do."""
    go(window, down.at("/"))
    expect(window.get_by_role("alert")).to_contain_text("The chat model does not answer.")
    looks_well(window, "down home")
    go(window, down.at("/models"))
    looks_well(window, "down models")
    go(window, down.at("/chat"))
    ask(window, UNANSWERED)
    expect(window.get_by_role("article")).to_contain_text("Is the server running?")
    looks_well(window, "down chat")


@pytest.mark.parametrize("module", DIALOGS, ids=short)
def test_a_dialog(module: str, full: World, window: Page) -> None:
    """What asks something can be read, has a name, and is left by the keyboard."""
    path, *presses = DIALOGS[module]
    go(window, full.at(path))
    for press in presses:
        role, _, name = press.rpartition(":") if press.startswith("menuitem:") else ("button", "", press)
        named = re.compile(f"^{re.escape(name)}")
        window.get_by_role(role or "button", name=named).first.click()  # type: ignore[arg-type]
    dialog = window.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog).to_have_attribute("aria-label", re.compile("."))
    expect(dialog.locator(".lw-loading")).to_have_count(0)
    looks_well(window, f"dialog {module}")
    window.keyboard.press("Escape")


def test_every_dialog_is_looked_at() -> None:
    """Who adds a dialog says how to get to it."""
    written = {
        file.relative_to(STUDIO).as_posix()
        for file in STUDIO.rglob("*.py")
        if "ui.dialog(" in file.read_text()
    }
    assert written == DIALOGS.keys() | ELSEWHERE.keys()


def test_an_address_of_no_screen_says_so(full: World, browser: Browser) -> None:
    """A mistyped address leads home, in our words."""
    page = browser.new_page(locale="en-GB", reduced_motion="reduce")
    go(page, full.at("/nothing/of/the/kind"))
    expect(page.get_by_role("heading", name="Page not found", level=1)).to_be_visible()
    looks_well(page, "no screen")
    page.close()


@pytest.mark.parametrize(
    ("path", "act", "notice"),
    [
        ("/settings/general", "Save", "No changes."),
        ("/models", "Add", "is not"),
    ],
)
def test_a_notice(full: World, window: Page, path: str, act: str, notice: str) -> None:
    """What was done and what failed is told in colours that can be read."""
    go(window, full.at(path))
    if path == "/models":
        window.get_by_label("Model source").fill("smollm2")
    window.get_by_role("button", name=act, exact=True).click()
    expect(window.locator(".q-notification")).to_be_visible()
    for scheme in ("light", "dark"):
        window.emulate_media(color_scheme=scheme)
        expect(window.locator("body.body--dark")).to_have_count(int(scheme == "dark"))
        assert violations(window) == [], f"{notice}, {scheme}"
