"""A build that stops where an arm answers worse than it did."""

import json
from xml.etree import ElementTree as ET

import pytest
from tests.fixtures.command_line import Domain

TEAMS = ("red", "blue", "green", "amber", "violet", "white", "black", "brown", "teal", "pink", "grey", "gold")


@pytest.mark.thorough
def test_a_build_fails_where_an_arm_fell_since_the_baseline(tunable: Domain) -> None:
    """Somebody broke the examples: the exit code says so, and CI reads which arm."""
    teach(tunable, "28 days")
    tunable.write(
        "questions/held.jsonl",
        "\n".join(
            json.dumps({"question": f"Leave for the team that is {team}?", "answers": ["28 days"]})
            for team in TEAMS
        ),
    )
    order = ("compare", "--arms", "nearest", "--no-drill")
    assert "No comparison to use as the baseline" in tunable.run(*order, "--baseline", "latest", code=2)
    first = tunable.json(*order)["comparison"]["id"]
    assert "nearest held: " in tunable.run(*order, "--baseline", "latest")

    tunable.run("deploy", "nearest", "--name", "desk")
    assert "nearest held: " in tunable.run("deploy", "--name", "desk", "--check")
    teach(tunable, "2 weeks")
    assert "nearest fell: " in tunable.run("deploy", "--name", "desk", "--check", code=3)
    assert tunable.json("deploy", "--list")["deployments"][0]["check"]["outcome"] == "fell"
    tunable.run(*order, "--baseline", first, "--junit", "fell.xml", code=3)

    suite = ET.parse(tunable.folder / "fell.xml").getroot()
    assert suite.attrib["failures"] == "1"
    failure = suite.find("testsuite/testcase[@name='nearest']/failure")
    assert failure is not None
    assert failure.attrib["message"].startswith("nearest fell: ")
    assert "--junit needs --baseline" in tunable.run("compare", "--junit", "a.xml", code=2)


def teach(tunable: Domain, answer: str) -> None:
    tunable.write(
        "examples/desk.jsonl",
        "\n".join(
            json.dumps({"prompt": f"How much leave has team {team}?", "completion": f"{team}: {answer}"})
            for team in TEAMS
        ),
    )
