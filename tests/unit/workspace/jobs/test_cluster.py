"""Where work is spread: addresses, units as bytes, and what goes wrong before Ray is there."""

import socket
from importlib.util import find_spec

import pytest

from lorewright.errors import InvalidSetting, MissingExtra, UnreadableDocument, UnusableCluster
from lorewright.workspace.jobs.cluster import (
    check_address,
    done_on_node,
    packed,
    result_of,
    unpacked,
)
from lorewright.workspace.jobs.named_cluster import cluster_of


@pytest.mark.parametrize("address", ["ray", "ray://head:10001", "ray://10.0.0.7:10001", "ray://[::1]:10001"])
def test_an_address_of_ray_is_taken(address: str) -> None:
    assert check_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "head:6379",
        "ray://",
        "ray://head",
        "http://head:10001",
        "ray://user:word@head:1",
        "ray://head:10001/x",
    ],
)
def test_another_address_is_refused_with_the_two_forms(address: str) -> None:
    """A typing error must not start a cluster of its own here."""
    with pytest.raises(InvalidSetting, match="--on is") as refused:
        check_address(address)
    assert "ray://HOST:PORT" in refused.value.hint


def test_bytes_come_out_of_a_piece_as_they_went_in() -> None:
    """Files hold line ends, zeros and everything else."""
    parts = [b"", b"a\nb\0\0", bytes(range(256)) * 3]
    assert unpacked(packed({"names": ["ä", "\udc80"]}, parts)) == ({"names": ["ä", "\udc80"]}, parts)


def refuse(spec: str, unit: bytes) -> bytes:
    raise UnreadableDocument(f"{spec} says no to {unit.decode()}", hint="Ask again.")


def test_what_a_node_raises_on_purpose_is_raised_here() -> None:
    """The reason reaches whoever waits, of its own class and with its hint."""
    told = done_on_node(f"{__name__}:refuse", "one", b"two")
    with pytest.raises(UnreadableDocument, match="one says no to two") as refused:
        result_of(told)
    assert refused.value.hint == "Ask again."


def test_without_an_address_there_is_no_cluster() -> None:
    """The default stays what it is."""
    with cluster_of({"paths": []}) as cluster:
        assert cluster is None


def test_a_cluster_is_asked_for_only_when_there_is_work() -> None:
    """A sync that finds nothing new does not fail because the cluster sleeps."""
    with cluster_of({"on": "ray://127.0.0.1:9"}) as cluster:
        assert cluster is not None


@pytest.mark.skipif(find_spec("ray") is not None, reason="the extra ray is installed")
def test_a_missing_extra_is_named() -> None:
    """The way out is one command."""
    with cluster_of({"on": "ray"}) as cluster:
        assert cluster is not None
        with pytest.raises(MissingExtra, match="extra 'ray'") as missing:
            list(cluster.each(f"{__name__}:refuse", "", [b""]))
    assert missing.value.hint == "pip install 'lorewright[ray]'"


def test_an_address_where_nothing_listens_is_told_at_once() -> None:
    """Ray itself would try for minutes."""
    pytest.importorskip("ray", reason="needs the extra ray")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"ray://127.0.0.1:{free.getsockname()[1]}"
        with cluster_of({"on": address}) as cluster:
            assert cluster is not None
            with pytest.raises(UnusableCluster, match=f"No Ray cluster answers at {address}"):
                list(cluster.each(f"{__name__}:refuse", "", [b""]))
