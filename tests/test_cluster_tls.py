"""A cluster whose parts know one another by certificates, which are made here."""

from __future__ import annotations

import dataclasses
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim import cli
from sim.errors import ClusterError
from sim.study import Settings, Tls, remarks, run
from sim.study.cluster_tls import OPTIONS
from sim.study.sharing import _is_guarded
from tests.loaded import as_loaded
from tests.loopback import Loopback
from tests.test_study import plain
from tests.worlds import small_scenario

BRIEF = Settings(replications=2, days=1, warm_up_days=0, workers=1)
HALF_HELD = as_loaded(small_scenario())


def openssl(folder: Path, *words: str) -> None:
    """Do a command of OpenSSL in a folder."""
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def signed(folder: Path, name: str) -> Tls:
    """Make an authority, and a certificate that it has signed."""
    folder.mkdir(exist_ok=True)
    key = ("-newkey", "rsa:2048", "-nodes", "-subj")
    authority = ("-keyout", "authority.key", "-out", "authority.pem", "-days", "2")
    openssl(folder, "req", "-x509", *key, f"/CN=authority of {name}", *authority)
    openssl(folder, "req", *key, f"/CN={name}", "-keyout", "own.key", "-out", "own.csr")
    by = ("-CA", "authority.pem", "-CAkey", "authority.key", "-CAcreateserial", "-days", "2")
    openssl(folder, "x509", "-req", "-in", "own.csr", *by, "-out", "own.pem")
    return Tls(folder / "authority.pem", folder / "own.pem", folder / "own.key")


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    """The cluster's certificates."""
    return signed(tmp_path_factory.mktemp("cluster"), "cluster")


@pytest.fixture(scope="module")
def guarded(tls: Tls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    """A scheduler and a worker that speak to nobody else."""
    with Loopback(tmp_path_factory.mktemp("guarded"), tls=tls) as made:
        made.add_worker()
        made.await_workers(1)
        yield made


def on(cluster: Loopback, tls: Tls | None) -> Settings:
    """The settings for a cluster."""
    return dataclasses.replace(BRIEF, workers=None, cluster=cluster.address, cluster_tls=tls)


def options_of(tls: Tls) -> list[str]:
    """The same as the words of a command."""
    files = (tls.ca_file, tls.certificate, tls.key)
    return [word for pair in zip(OPTIONS, map(str, files), strict=True) for word in pair]


@pytest.mark.slow
def test_a_cluster_with_certificates_gives_the_numbers_of_this_computer(
    guarded: Loopback, tls: Tls
) -> None:
    """And nothing has to be said of it."""
    assert guarded.address.startswith("tls://")
    settings = on(guarded, tls)
    assert remarks(settings) == ()
    study = run([HALF_HELD], settings)
    assert plain(study.replications) == plain(run([HALF_HELD], BRIEF).replications)


@pytest.mark.slow
def test_the_command_takes_the_certificates(
    guarded: Loopback, tls: Tls, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By three options, and a cluster can be added to what was made here."""
    file = tmp_path / "force.toml"
    words = ["run", str(file), "--days", "1", "--warm-up-days", "0", "--no-unknowns", "--quiet"]
    assert cli.main(["new", str(file)]) == 0
    kept = ["--output", str(tmp_path / "kept"), "--replications"]
    assert cli.main([*words, "--workers", "1", *kept, "1"]) == 0
    asked = ["--cluster", guarded.address, *options_of(tls)]
    assert cli.main([*words, *asked, *kept, "2"]) == 0
    assert "1 of 2 replications were made before" in capsys.readouterr().err


@pytest.mark.slow
def test_a_stranger_is_not_spoken_to(guarded: Loopback, tls: Tls, tmp_path: Path) -> None:
    """Neither without certificates, nor with another authority's; nor is another believed."""
    stranger = signed(tmp_path, "stranger")
    other = dataclasses.replace(tls, ca_file=stranger.ca_file)
    for shown in (None, stranger, other):
        with pytest.raises(ClusterError, match="no dask scheduler answers") as refused:
            remarks(on(guarded, shown))
        assert "--tls-ca-file, --tls-cert, --tls-key" in str(refused.value)


def test_what_is_no_certificate_is_refused(tls: Tls, tmp_path: Path) -> None:
    """Before anybody is spoken to; so is an address without TLS."""
    (tmp_path / "text.pem").write_text("no certificate\n", encoding="utf-8")
    broken = dataclasses.replace(tls, certificate=tmp_path / "text.pem")
    settings = dataclasses.replace(BRIEF, workers=None, cluster="tls://127.0.0.1:9")
    for shown in (broken, dataclasses.replace(tls, key=signed(tmp_path / "b", "b").key)):
        with pytest.raises(ClusterError, match="the certificates cannot be used"):
            remarks(dataclasses.replace(settings, cluster_tls=shown))
    with pytest.raises(ClusterError, match="this address is without TLS"):
        remarks(dataclasses.replace(settings, cluster="tcp://127.0.0.1:9", cluster_tls=tls))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--tls-key", "own.key"], "--tls-ca-file: certificates are given together"),
        (
            ["--tls-ca-file", "a", "--tls-cert", "b", "--tls-key", "c"],
            "--tls-ca-file: there is no such file",
        ),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a sentence that names the option."""
    assert cli.main(["run", "scenarios/dorset-2022.toml", *words]) == 2
    assert told in capsys.readouterr().err


def test_certificates_without_a_cluster_are_refused(
    tls: Tls, capsys: pytest.CaptureFixture[str]
) -> None:
    """They would protect nothing."""
    assert cli.main(["run", "scenarios/dorset-2022.toml", *options_of(tls)]) == 2
    assert "--tls-ca-file: certificates are for a cluster" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("address", "guarded"),
    [
        ("tls://10.0.0.5:8786", True),
        ("tcp://127.0.0.1:8786", True),
        ("localhost:8786", True),
        ("tcp://10.0.0.5:8786", False),
        ("desk.example:8786", False),
    ],
)
def test_who_may_run_programs_is_said_of_an_open_cluster(address: str, guarded: bool) -> None:
    """One that others reach, and that asks nobody for a certificate."""
    assert _is_guarded(address) == guarded
