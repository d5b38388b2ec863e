"""What people preferred: the votes for one of several answers side by side, beside what was measured."""

from nicegui import ui

from lorewright.evaluation.preference import Preferences
from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.figures import figures, interval, percent
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.visit import Visit
from lorewright.workspace.chats.judging import Preferred, preferred


async def show_preferred(visit: Visit) -> None:
    """Show the tally, of blind votes where there are some; nothing before the first vote."""
    votes = await visit.attempt(preferred, visit.server, visit.caller)
    if votes is None or not votes.preferences.n_votes:
        return
    with card(t("User preferences")):
        n_open = votes.preferences.n_votes - votes.n_blind
        _Tally(visit, votes, is_choice=bool(votes.n_blind and n_open))


class _Tally:
    """The votes by model, all of them or the blind ones."""

    def __init__(self, visit: Visit, votes: Preferred, *, is_choice: bool) -> None:
        self._visit = visit
        if is_choice:
            blind = ui.switch(t("Only blind votes (names hidden)"))
            blind.on_value_change(lambda event: self._look(is_blind=True if event.value else None))
        self._place = ui.element("div").classes("lw-stack")
        self._show(votes)

    async def _look(self, *, is_blind: bool | None) -> None:
        visit = self._visit
        votes = await visit.attempt(lambda: preferred(visit.server, visit.caller, is_blind=is_blind))
        if votes is not None and not self._place.is_deleted:
            self._show(votes)

    def _show(self, votes: Preferred) -> None:
        self._place.clear()
        with self._place:
            preferences = votes.preferences
            n_votes = tn("{n} vote", "{n} votes", preferences.n_votes)
            n_people = tn("one person", "{n} people", votes.n_people)
            summary = t(
                "{votes} from {people} in chats, each for the best of several answers.",
                votes=n_votes,
                people=n_people,
            )
            muted(summary + " " + t("Votes without a preference are not counted."))
            _models(preferences)
            if len(preferences.duels) > 1:
                with ui.element("details").classes("cmp-detail"):
                    Text("summary", t("Pairwise"))
                    _duels(preferences)


def _models(preferences: Preferences) -> None:
    heads = (
        t("Model"), t("Win rate"), t("Expected by chance"), t("Won"), t("Lost"),
        t("No preference"),
    )  # fmt: skip
    with figures(t("User preferences"), heads, classes="cmp-arms cmp-votes"):
        for one in preferences.models:
            with ui.element("tr"):
                Text("th", one.model).props("scope=row")
                with ui.element("td"):
                    interval(one.share, is_wide=True)
                Text("td", "-" if one.by_chance is None else percent(one.by_chance), classes="lw-number")
                for n in (one.n_won, one.n_lost, one.n_tied):
                    Text("td", f"{n:,}", classes="lw-number")


def _duels(preferences: Preferences) -> None:
    muted(t("Only votes in which one of the two won.")).classes("lw-small")
    heads = (t("First"), t("Won"), t("No preference"), t("Won"), t("Second"))
    with figures(t("Pairwise"), heads, classes="cmp-duels"):
        for duel in preferences.duels:
            with ui.element("tr"):
                Text("th", duel.left).props("scope=row")
                for n in (duel.n_left, duel.n_tied, duel.n_right):
                    Text("td", f"{n:,}", classes="lw-number")
                Text("td", duel.right)
