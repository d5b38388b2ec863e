"""What automatic settings amount to: people see a number where the file says auto."""

from dataclasses import replace

from lorewright.settings import Models, Priorities, Retrieval, Settings
from lorewright.workspace.domain.automatic_settings import automatic_values
from lorewright.workspace.domain.settings_form import settings_form


def test_they_follow_what_they_hang_on() -> None:
    """Who turns one dial sees what moves with it."""
    small = automatic_values(Settings(effort="fast"))
    large = automatic_values(
        Settings(
            effort="thorough",
            models=Models(chat="openai:llama-70B@http://127.0.0.1:1/v1"),
            priorities=Priorities(preset="compliance"),
        )
    )

    assert small["retrieval.n_kept"] < large["retrieval.n_kept"]
    assert small["tuning.epochs"] < large["tuning.epochs"]
    assert small["tuning.max_examples"] < large["tuning.max_examples"]
    assert small["priorities.unsupported"] < large["priorities.unsupported"]


def test_a_number_of_ones_own_does_not_change_what_automatic_would_be() -> None:
    """The way back says where it leads."""
    settings = Settings()
    own = replace(settings, retrieval=Retrieval(n_kept=7), priorities=Priorities(cost_points=33.0))
    assert automatic_values(own) == automatic_values(settings)


def test_each_belongs_to_a_setting_that_reads_auto() -> None:
    """A number beside a field that shows 0 or -1 would explain nothing."""
    automatic = {setting.path for setting in settings_form(Settings()) if setting.is_auto}
    assert automatic_values(Settings()).keys() <= automatic
