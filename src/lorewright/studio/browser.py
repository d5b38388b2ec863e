"""Questions to the visitor's browser, which may not answer: it sleeps, or the way to it is broken."""

from nicegui import ui

from lorewright.studio.i18n import t

PATIENCE_SECONDS = 15.0


async def ask_browser(script: str, *, patience_seconds: float = PATIENCE_SECONDS) -> object:
    """Return what a script returns in the visitor's browser, `None` where no answer comes in time."""
    try:
        answer: object = await ui.run_javascript(script, timeout=patience_seconds)
    except TimeoutError:
        return None
    return answer


async def problem_in_browser(script: str) -> str:
    """Return what a script says went wrong, '' for `ok`; say so where no answer comes in time."""
    problem = await ask_browser(script)
    if problem is None:
        return t("The browser did not answer. Check the connection and try again.")
    return "" if problem == "ok" else str(problem)
