"""The sections of lorewright.toml, as people read them: what each is called, and what it decides."""

from dataclasses import dataclass

from lorewright.studio.i18n import t


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the settings: its key in the file, its title, and what it decides."""

    key: str
    title: str
    description: str = ""


def section_groups() -> dict[str, list[Section]]:
    """Return the sections by the name of their group, in the order in which they are shown."""
    return {
        t("Answering"): [
            Section("models", t("Models"), t("Which models answer, search and judge.")),
            Section("prompt", t("Prompt"), t("What a model is told, and how long an answer may be.")),
            Section("documents", t("Documents"), t("How files are read and split.")),
            Section("retrieval", t("Retrieval"), t("How passages are found, and when there are none.")),
            Section("agent", t("Agent"), t("Who drives agents, what they may use, and how far they may go.")),
        ],
        t("Lab"): [
            Section("", t("Effort"), t("One setting that determines the automatic values of tuning.")),
            Section("tuning", t("Tuning"), t("How a model is trained on your examples.")),
            Section("evaluation", t("Evaluation"), t("How answers are scored in a comparison.")),
            Section("priorities", t("Priorities"), t("What a recommendation weighs besides correctness.")),
            Section("traffic", t("Traffic"), t("What you expect; the cost per month follows from it.")),
            Section("prices", t("Prices"), t("US dollars; the cost per month follows from them.")),
        ],
        t("Server"): [
            Section("serve", t("Server"), t("Where it listens, what it may use, and what it keeps.")),
            Section("oidc", t("Single sign-on"), t("Logins with an OpenID provider of your organisation.")),
            Section("commands", t("Command line"), t("What applies to commands in a terminal.")),
        ],
    }  # fmt: skip


def sections_of(keys: set[str]) -> dict[str, list[Section]]:
    """Return the groups of these sections; one that has no name of its own yet comes last."""
    groups = section_groups()
    named = {section.key for sections in groups.values() for section in sections}
    others = [Section(key, key.capitalize()) for key in sorted(keys - named)]
    groups[t("Server")] += others
    return groups
