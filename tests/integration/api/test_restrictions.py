"""`/lorewright/v1/restrictions`, and the grant of a deployment."""

from pathlib import Path

from fastapi.testclient import TestClient
from tests.fixtures.served import lay_out

from lorewright.api.app import build_app
from lorewright.workspace.server.server import Server


def test_an_administrator_restricts_and_grants_over_http(tmp_path: Path) -> None:
    server = Server(lay_out(tmp_path / "handbook"), n_processes=2)
    root = {"Authorization": f"Bearer {server.keys.make('root', is_admin=True)[1]}"}
    editor = {"Authorization": f"Bearer {server.keys.make('editor')[1]}"}
    own = "/lorewright/v1"
    with TestClient(build_app(server)) as client:
        client.post(f"{own}/deployments", json={"name": "desk", "arm": "base"}, headers=root)

        made = client.post(
            f"{own}/restrictions", json={"path": "hr/", "groups": ["everyone"]}, headers=root
        ).json()
        granted = client.post(f"{own}/deployments/desk/grant", json={"groups": ["*"]}, headers=root).json()
        told = client.get(f"{own}/deployments/desk", headers=editor).json()
        refused = [
            client.post(f"{own}/restrictions", json={"path": "hr/"}, headers=editor).status_code,
            client.get(f"{own}/restrictions", headers=editor).status_code,
            client.post(f"{own}/deployments/desk/grant", json={"groups": ["*"]}, headers=editor).status_code,
            client.delete(f"{own}/deployments/desk/grant", headers=editor).status_code,
        ]
        listed = client.get(f"{own}/restrictions", headers=root).json()["data"]
        lifted = client.delete(f"{own}/restrictions", params={"path": "hr/"}, headers=root).json()
        back = client.delete(f"{own}/deployments/desk/grant", headers=root).json()
        gone = client.delete(f"{own}/restrictions", params={"path": "hr/"}, headers=root)
        acts = [one["action"] for one in client.get(f"{own}/audit", headers=root).json()["data"]]

    assert (made["part"], made["groups"]) == ("vs_domain/hr/", ["group_everyone"])
    assert granted["grant"] == told["grant"] == ["*"]
    assert refused == [403, 403, 403, 403]
    assert [one["path"] for one in listed] == ["hr/"]
    assert lifted == {"id": "hr/", "object": "restriction", "deleted": True}
    assert back["grant"] == []
    assert gone.status_code == 404
    assert {"documents.restricted", "documents.opened", "deployment.granted"} <= set(acts)
