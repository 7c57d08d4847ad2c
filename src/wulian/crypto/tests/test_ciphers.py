"""SM4-GCM and AES-256-GCM: published block vector, round trips, tampering."""

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher as LibraryCipher
from cryptography.hazmat.primitives.ciphers import algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from wulian.crypto import Cipher, DecryptionError

BOTH = pytest.mark.parametrize("algorithm", ["sm4-gcm", "aes-256-gcm"])


def test_the_sm4_block_gives_the_example_of_the_standard() -> None:
    """GB/T 32907 annex A.1: key and plaintext 0123…3210."""
    block = bytes.fromhex("0123456789abcdeffedcba9876543210")
    context = LibraryCipher(algorithms.SM4(block), modes.ECB()).encryptor()
    assert context.update(block).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm4_gcm_gives_the_published_message() -> None:
    """RFC 8998 annex A.1."""
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    nonce = bytes.fromhex("00001234567800000000abcd")
    aad = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plaintext = bytes.fromhex(
        "a" * 16 + "b" * 16 + "c" * 16 + "d" * 16 + "e" * 16 + "f" * 16 + "e" * 16 + "a" * 16
    )
    context = LibraryCipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    context.authenticate_additional_data(aad)
    ciphertext = context.update(plaintext) + context.finalize()
    assert ciphertext.hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    )
    assert context.tag.hex() == "83de3541e4c2b58177e065a9bf7b62ec"


@BOTH
@given(plaintext=st.binary(max_size=500), associated=st.binary(max_size=50))
def test_what_is_encrypted_comes_back(algorithm: str, plaintext: bytes, associated: bytes) -> None:
    cipher = Cipher(Cipher.generate_key(algorithm), algorithm)
    message = cipher.encrypt(plaintext, associated)
    assert cipher.decrypt(message, associated) == plaintext
    assert len(message) == len(plaintext) + 29


@BOTH
def test_any_changed_bit_is_found(algorithm: str) -> None:
    cipher = Cipher(Cipher.generate_key(algorithm), algorithm)
    message = cipher.encrypt("举报人：王某".encode(), b"case-7")
    for index in range(len(message)):
        altered = bytearray(message)
        altered[index] ^= 1
        with pytest.raises(DecryptionError):
            cipher.decrypt(bytes(altered), b"case-7")


@BOTH
def test_a_message_belongs_to_its_key_and_its_place(algorithm: str) -> None:
    cipher = Cipher(Cipher.generate_key(algorithm), algorithm)
    message = cipher.encrypt(b"secret", b"case-7")
    with pytest.raises(DecryptionError):
        cipher.decrypt(message, b"case-8")
    with pytest.raises(DecryptionError):
        Cipher(Cipher.generate_key(algorithm), algorithm).decrypt(message, b"case-7")
    with pytest.raises(DecryptionError):
        cipher.decrypt(message[:20])


def test_a_nonce_is_never_used_twice() -> None:
    cipher = Cipher(Cipher.generate_key())
    assert len({cipher.encrypt(b"same")[1:13] for _ in range(1000)}) == 1000


def test_a_key_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="expected 16"):
        Cipher(b"short")
    with pytest.raises(ValueError, match="unknown cipher"):
        Cipher(b"k" * 16, "des")


def test_a_key_is_not_shown_when_printed() -> None:
    assert "kkkk" not in repr(Cipher(b"k" * 16))
