"""The decision tree, drawn: a list to whoever hears it, a graph to whoever sees it."""

from nicegui import ui

from lorewright.advisor import Tree, TreeNode
from lorewright.studio.i18n import t
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.text import Text, h3, muted
from lorewright.studio.studio_words import studio_words


def show_tree(tree: Tree, arm: str, *, is_measured: bool) -> None:
    """Show every question with its reply and evidence; the way that was taken is marked, in words too."""
    with ui.element("ol").classes("cmp-tree"):
        for place, node in enumerate(tree.nodes):
            is_last = place == len(tree.nodes) - 1
            with ui.element("li"):
                _node(node, place + 1)
                _down(node)
                if is_last:
                    _leaf(node.if_yes, is_taken=node.is_reached and node.leaning == "yes")
    Text("p", _end(tree, arm, is_measured=is_measured), classes="lw-strong lw-pre")


def _node(node: TreeNode, number: int) -> None:
    state = "cmp-reached" if node.is_reached else "cmp-passed"
    goes_no = node.is_reached and node.leaning == "no"
    with ui.element("div").classes(f"cmp-node {state}"):
        with ui.element("div").classes("cmp-node-card"):
            h3(f"{number}. {node.question}")
            with ui.element("div").classes("lw-row"):
                _reply(node)
            muted(studio_words(node.evidence))
        with ui.element("div").classes("cmp-side cmp-taken" if goes_no else "cmp-side"):
            Text("span", t("no (taken)") if goes_no else t("no"))
        _leaf(node.if_no, is_taken=goes_no)


def _reply(node: TreeNode) -> None:
    if not node.is_reached:
        badge(t("not reached"), "plain")
        return
    if node.reply == "unknown":
        badge(t("unknown"), "warn")
        Text("span", t("continuing with “{reply}”", reply=_word(node.leaning)), classes="lw-muted lw-small")
    else:
        badge(_word(node.reply), "good" if node.reply == "yes" else "plain")


def _word(reply: str) -> str:
    return {"yes": t("yes"), "no": t("no")}.get(reply, reply)


def _down(node: TreeNode) -> None:
    goes_yes = node.is_reached and node.leaning == "yes"
    with ui.element("div").classes("cmp-down cmp-taken" if goes_yes else "cmp-down"):
        Text("span", t("yes (taken)") if goes_yes else t("yes"))


def _leaf(arm: str, *, is_taken: bool) -> None:
    with ui.element("div").classes("cmp-leaf cmp-taken-leaf" if is_taken else "cmp-leaf"):
        Text("span", arm)
        if is_taken:
            Text("span", t("(result)"), classes="lw-unseen")


def _end(tree: Tree, arm: str, *, is_measured: bool) -> str:
    if is_measured and tree.leads_to != arm:
        return t(
            "The decision tree suggests {tree}; the measurements favor {arm}.", tree=tree.leads_to, arm=arm
        )
    if is_measured:
        return t("The decision tree suggests {tree}, and the measurements agree.", tree=tree.leads_to)
    if tree.is_certain:
        return t("The decision tree suggests {tree}. Nothing has been measured yet.", tree=tree.leads_to)
    return t(
        "The decision tree suggests {tree}, with some answers unknown. Measure to be certain.",
        tree=tree.leads_to,
    )
