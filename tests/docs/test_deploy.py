"""What is deployed by compose.yaml, deploy/ and the Dockerfile is what the product has.

Neither a container registry nor Kubernetes is at hand in a test: so every command, probe, metric,
setting and environment variable that these files name is looked for in the product itself.
"""

import json
import re
import shlex
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.fixtures.served import lay_out

from lorewright.api.app import build_app
from lorewright.api.http.metrics import Metrics
from lorewright.cli.main import VERBS, main
from lorewright.settings import read_settings
from lorewright.workspace.server.server import Server

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SECRETS = {"PGPASSWORD"}
"""Read by PostgreSQL's own library."""
OTHERS = {"postgres", "qdrant"}
"""Services with an image of somebody else's."""
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))


def _compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return loaded


def _objects() -> list[dict[str, Any]]:
    texts = [path.read_text() for path in MANIFESTS if path.name != "kustomization.yaml"]
    return [one for text in texts for one in yaml.safe_load_all(text)]


def _pods() -> dict[str, dict[str, Any]]:
    return {
        one["metadata"]["name"]: one["spec"]["template"]["spec"]
        for one in _objects()
        if one["kind"] in ("Deployment", "StatefulSet")
    }


def _containers(ours: bool | None = None) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, pod in _pods().items():
        for container in pod["containers"]:
            if ours is None or ours == (name not in OTHERS):
                yield name, container


def _commands() -> dict[str, list[str]]:
    """Return every command line of ours that the files start."""
    found = {f"compose {name}": service["command"] for name, service in _ours_in_compose().items()}
    found |= {f"kubernetes {name}": container["args"] for name, container in _containers(ours=True)}
    built = (ROOT / "Dockerfile").read_text()
    found["Dockerfile"] = json.loads(re.findall(r"^CMD (\[.*\])$", built, re.MULTILINE)[-1])
    return found


def _ours_in_compose() -> dict[str, dict[str, Any]]:
    return {name: one for name, one in _compose()["services"].items() if name not in OTHERS}


@pytest.mark.parametrize("where", sorted(_commands()))
def test_every_command_is_one_that_exists(where: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A container whose command was renamed starts, fails and starts again for ever."""
    verb, *words = _commands()[where]
    assert verb in VERBS

    with pytest.raises(SystemExit):
        main([verb, "--help"])

    shown = capsys.readouterr().out
    assert [word for word in words if word.startswith("--") and word not in shown] == []


def test_every_probe_asks_a_path_that_answers(tmp_path: Path) -> None:
    """A probe of a path that is gone takes every server out of service at once."""
    server = Server(lay_out(tmp_path / "handbook"))
    paths = {getattr(route, "path", "") for route in build_app(server).routes} | set(
        build_app(server).openapi()["paths"]
    )
    server.close()
    probes = [
        container[kind]["httpGet"]["path"]
        for _, container in _containers(ours=True)
        for kind in ("startupProbe", "livenessProbe", "readinessProbe")
        if kind in container
    ]
    texts = (ROOT / "Dockerfile").read_text() + (ROOT / "compose.yaml").read_text()
    probes += re.findall(r"http://127\.0\.0\.1:8321(/\w+)'", texts)

    assert {"/healthz", "/readyz"} <= set(probes)
    assert set(probes) <= paths


def test_nothing_runs_as_root_or_writes_outside_its_volumes() -> None:
    """A hole in a reader of documents must not become one in the host."""
    for name, pod in _pods().items():
        assert pod["securityContext"]["runAsNonRoot"], name
        assert pod["automountServiceAccountToken"] is False, name
    for name, container in _containers():
        locked = container["securityContext"]
        assert locked["readOnlyRootFilesystem"], name
        assert not locked["allowPrivilegeEscalation"], name
        assert locked["capabilities"]["drop"] == ["ALL"], name
        assert container["resources"]["limits"]["memory"], name
    for name, service in _ours_in_compose().items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
    assert re.search(r"^USER [1-9]\d+:", (ROOT / "Dockerfile").read_text(), re.MULTILINE)


def test_no_password_stands_in_a_file() -> None:
    """What is copied into a repository of one's own is read by many."""
    for service in _compose()["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|KEY", name):
                assert value.startswith("${"), name
    for name, container in _containers():
        for variable in container.get("env", ()):
            if re.search("PASSWORD|KEY", variable["name"]):
                assert "secretKeyRef" in variable["valueFrom"], name
    assert [one for one in _objects() if one["kind"] == "Secret"] == []


def test_every_environment_variable_is_read() -> None:
    """A misspelt one is ignored in silence."""
    code = "\n".join(path.read_text() for path in sorted((ROOT / "src").rglob("*.py")))
    named = {name for service in _ours_in_compose().values() for name in service["environment"]}
    named |= {each["name"] for _, one in _containers(ours=True) for each in one["env"]}
    built = (ROOT / "Dockerfile").read_text()
    named |= set(re.findall(r"(LOREWRIGHT_\w+)=", built))

    assert [name for name in sorted(named - SECRETS) if f'"{name}"' not in code] == []


def _settings() -> Mapping[str, str]:
    maps = [one["data"]["lorewright.toml"] for one in _objects() if one["kind"] == "ConfigMap"]
    return {"compose": (DEPLOY / "lorewright.toml").read_text(), "kubernetes": maps[0]}


@pytest.mark.parametrize("where", ["compose", "kubernetes"])
def test_the_settings_are_valid(where: str, tmp_path: Path) -> None:
    (tmp_path / "lorewright.toml").write_text(_settings()[where])

    read_settings(tmp_path / "lorewright.toml")


def test_both_ways_of_deploying_have_the_same_settings() -> None:
    """What was tried with compose is what runs on Kubernetes."""
    compose, kubernetes = (tomllib.loads(text) for text in _settings().values())

    assert compose == kubernetes


def test_every_host_in_the_settings_is_a_service() -> None:
    """The names of hosts are those of services, in both ways of deploying."""
    hosts = re.findall(r"(?:@|//)([a-z]+):\d+", _settings()["compose"])
    services = {one["metadata"]["name"] for one in _objects() if one["kind"] == "Service"}

    assert set(hosts) == {"postgres", "qdrant"}
    assert set(hosts) <= set(_compose()["services"])
    assert set(hosts) <= services


def test_every_volume_mounted_is_declared() -> None:
    compose = _compose()
    for name, service in compose["services"].items():
        mounted = {volume.partition(":")[0] for volume in service["volumes"]}
        assert mounted <= set(compose["volumes"]), name
    claims = {one["metadata"]["name"]: one for one in _objects() if one["kind"] == "StatefulSet"}
    for name, pod in _pods().items():
        templates = claims.get(name, {}).get("spec", {}).get("volumeClaimTemplates", ())
        declared = {one["name"] for one in pod["volumes"]} | {one["metadata"]["name"] for one in templates}
        for container in pod["containers"]:
            assert {mount["name"] for mount in container["volumeMounts"]} <= declared, name


def test_kustomize_takes_every_manifest() -> None:
    """A manifest that is not listed is not applied."""
    listed = yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text())["resources"]

    assert sorted(listed) == [path.name for path in MANIFESTS if path.name != "kustomization.yaml"]


def test_every_metric_that_is_drawn_or_alerted_on_is_exported(tmp_path: Path) -> None:
    """A panel of a metric that was renamed stays empty, and an alert on one never fires."""
    server = Server(lay_out(tmp_path / "handbook"))
    exported = set()
    for family in Metrics(server).registry.collect():
        endings = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}.get(family.type, ("",))
        exported |= {f"{family.name}{ending}" for ending in endings}
    server.close()
    dashboard = json.loads((DEPLOY / "monitoring" / "dashboard.json").read_text())
    drawn = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    alerts = yaml.safe_load((DEPLOY / "monitoring" / "alerts.yaml").read_text())
    alerted = [rule["expr"] for group in alerts["groups"] for rule in group["rules"]]
    named = {name for expression in drawn + alerted for name in re.findall(r"lorewright_\w+", expression)}

    assert len(drawn) >= 10
    assert len(alerted) >= 4
    assert named <= exported


def test_no_two_panels_lie_on_each_other() -> None:
    dashboard = json.loads((DEPLOY / "monitoring" / "dashboard.json").read_text())
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in dashboard["panels"]]

    assert len(set(places)) == len(places)
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(places)


def test_the_build_takes_what_the_dockerfile_copies() -> None:
    """.dockerignore leaves everything out but what is named: a file that is copied must be."""
    copied = [
        word
        for line in re.findall(r"^COPY (?!--)(.*)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
        for word in shlex.split(line)[:-1]
    ]
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}

    assert set(copied) == kept
    assert [name for name in copied if not (ROOT / name).exists()] == []
