"""Ed25519 and SM2 behind one interface, and the folder of keys."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from wulian.crypto import Ed25519Signer, KeyStore, Signer, UnknownKey, Verifier, load_verifier, sm2_available

SM2 = pytest.param(
    "sm2",
    marks=pytest.mark.skipif(not sm2_available(), reason="the openssl program here cannot sign with SM2"),
)
ALGORITHMS = pytest.mark.parametrize("algorithm", ["ed25519", SM2])


@ALGORITHMS
def test_a_signature_holds_for_its_data_only(tmp_path: Path, algorithm: str) -> None:
    signer = KeyStore(tmp_path / "keys").signer("checkpoint", algorithm)
    verifier = signer.verifier()
    assert isinstance(signer, Signer)
    assert isinstance(verifier, Verifier)
    signature = signer.sign("检查点 1".encode())
    assert verifier.verify("检查点 1".encode(), signature)
    assert not verifier.verify("检查点 2".encode(), signature)
    assert not verifier.verify("检查点 1".encode(), b"x" + signature[1:])


@ALGORITHMS
def test_another_key_does_not_verify(tmp_path: Path, algorithm: str) -> None:
    store = KeyStore(tmp_path)
    first, second = store.signer("first", algorithm), store.signer("second", algorithm)
    assert first.key_id != second.key_id
    assert not second.verifier().verify(b"data", first.sign(b"data"))


@ALGORITHMS
def test_a_key_is_made_once_and_read_again(tmp_path: Path, algorithm: str) -> None:
    first = KeyStore(tmp_path).signer("checkpoint", algorithm)
    again = KeyStore(tmp_path).signer("checkpoint", algorithm)
    assert again.key_id == first.key_id
    assert KeyStore(tmp_path).verifier(first.key_id, algorithm).verify(b"data", again.sign(b"data"))


def test_ed25519_gives_the_signature_of_the_standard() -> None:
    """RFC 8032 section 7.1, test 1: empty message."""
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    pem = Ed25519PrivateKey.from_private_bytes(seed).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    assert Ed25519Signer(pem.decode()).sign(b"").hex() == (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b"
    )


def test_private_files_are_closed_to_others(tmp_path: Path) -> None:
    store = KeyStore(tmp_path / "keys")
    store.signer("checkpoint")
    store.cipher("vault")
    store.secret("receipts")
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    private = [path for path in (tmp_path / "keys").iterdir() if path.is_file()]
    assert len(private) == 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}


def test_twenty_workers_asking_at_once_get_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(20) as pool:
        ids = set(pool.map(lambda _: KeyStore(tmp_path / "keys").signer("checkpoint").key_id, range(40)))
    assert len(ids) == 1
    assert len(list((tmp_path / "keys").rglob(".*"))) == 0


def test_a_cipher_and_a_secret_survive_a_restart(tmp_path: Path) -> None:
    message = KeyStore(tmp_path).cipher("vault").encrypt("姓名".encode())
    assert KeyStore(tmp_path).cipher("vault").decrypt(message).decode() == "姓名"
    assert KeyStore(tmp_path).secret("receipts") == KeyStore(tmp_path).secret("receipts")
    with pytest.raises(ValueError, match="expected 64"):
        KeyStore(tmp_path).secret("receipts", 64)


def test_a_substituted_public_key_is_refused(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)
    real, forged = store.signer("checkpoint"), Ed25519Signer.generate()
    (tmp_path / "public" / f"{real.key_id}.ed25519.pem").write_text(forged.verifier().public_pem)
    with pytest.raises(UnknownKey, match="another key"):
        store.verifier(real.key_id)


@pytest.mark.parametrize("name", ["../outside", "Name", "", "a/b"])
def test_a_key_name_cannot_leave_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="key name"):
        KeyStore(tmp_path).signer(name)
    with pytest.raises(UnknownKey):
        KeyStore(tmp_path).verifier(name)


def test_an_unknown_algorithm_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="rsa"):
        KeyStore(tmp_path).signer("checkpoint", "rsa")
    with pytest.raises(ValueError, match="rsa"):
        load_verifier("", "rsa")
