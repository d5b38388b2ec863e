"""Home: what this domain has, and what to do next."""

from lorewright.studio.parts.heading import heading
from lorewright.studio.visit import Visit
from lorewright.studio.words import t


def show(visit: Visit) -> None:
    """Show what the domain has."""
    with heading(visit.home.name, t("Ask, tune, measure, ship.")):
        pass
