"""Secrets are kept in a keyring that proved itself, or in memory; and the sentence says which."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading

import pytest
from keyring.errors import InitError, KeyringLocked

from gb_desktop.accounts.backends import MemoryBackend, first_usable
from gb_desktop.accounts.model import AccountError
from gb_desktop.accounts.vault import LARGEST_BYTES, Outcome, Vault
from tests.accounts.stores import BrokenBackend, ForgetfulBackend, FullVaultError, HangingBackend, PickyBackend

SECRET = "gb_live_0123456789"


def test_that_a_stored_secret_is_found_again() -> None:
    vault = Vault(MemoryBackend())
    kept = vault.put("entry", "Shop", SECRET)
    assert kept.lasting
    answer = vault.get("entry", "Shop")
    assert (answer.outcome, answer.secret) == (Outcome.FOUND, SECRET)


def test_that_a_secret_never_stored_is_absent() -> None:
    assert Vault(MemoryBackend()).get("entry", "Shop").outcome is Outcome.ABSENT


def test_that_a_removed_secret_is_absent_and_removing_it_again_is_no_error() -> None:
    vault = Vault(MemoryBackend())
    vault.put("entry", "Shop", SECRET)
    assert vault.remove("entry", "Shop").outcome is Outcome.ABSENT
    assert vault.remove("entry", "Shop").outcome is Outcome.ABSENT
    assert vault.get("entry", "Shop").outcome is Outcome.ABSENT


def test_that_the_probe_leaves_nothing_behind() -> None:
    backend = MemoryBackend()
    Vault(backend).put("entry", "Shop", SECRET)
    assert list(backend._secrets) == [("entry", "Shop")]


def test_that_without_a_keyring_keys_live_in_memory_and_the_sentence_says_so() -> None:
    vault = Vault(choose=lambda: None)
    expected = "Keys are kept in memory until GB Desktop closes: no keyring was found on this computer."
    assert vault.describe() == expected
    kept = vault.put("entry", "Shop", SECRET)
    assert (kept.lasting, kept.sentence) == (False, expected)
    assert vault.get("entry", "Shop").secret == SECRET


def test_that_without_a_keyring_the_keys_of_earlier_sessions_are_unavailable_not_absent() -> None:
    assert Vault(choose=lambda: None).get("entry", "Shop").outcome is Outcome.UNAVAILABLE


def test_that_a_keyring_that_keeps_nothing_is_found_out_before_saved_is_said() -> None:
    vault = Vault(ForgetfulBackend())
    kept = vault.put("entry", "Shop", SECRET)
    assert not kept.lasting
    assert "memory" in kept.sentence
    assert vault.get("entry", "Shop").secret == SECRET


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (KeyringLocked, Outcome.LOCKED),
        (InitError, Outcome.UNAVAILABLE),
        (RuntimeError, Outcome.UNAVAILABLE),
        (KeyError, Outcome.UNAVAILABLE),
        (ConnectionRefusedError, Outcome.UNAVAILABLE),
    ],
)
def test_that_every_error_of_a_keyring_becomes_an_outcome_with_a_sentence(
    error: type[Exception], outcome: Outcome
) -> None:
    vault = Vault(BrokenBackend(error))
    for answer in (vault.get("entry", "Shop"), vault.remove("entry", "Shop")):
        assert answer.outcome is outcome
        assert answer.sentence.endswith(".")


@pytest.mark.skipif(sys.platform != "linux", reason="the Secret Service is Linux's keyring")
def test_that_a_dismissed_unlock_prompt_is_locked() -> None:
    from secretstorage.exceptions import LockedException, PromptDismissedException

    for error in (LockedException, PromptDismissedException):
        assert Vault(BrokenBackend(error)).get("entry", "Shop").outcome is Outcome.LOCKED


def test_that_a_locked_keyring_leaves_new_keys_in_memory_and_asks_to_unlock_it() -> None:
    vault = Vault(BrokenBackend(KeyringLocked))
    kept = vault.put("entry", "Shop", SECRET)
    assert not kept.lasting
    assert "unlock" in kept.sentence
    assert vault.describe() == kept.sentence


def test_that_memory_is_told_of_as_long_as_any_key_is_only_there() -> None:
    backend = PickyBackend()
    vault = Vault(backend)
    backend.refused = {"first"}
    vault.put("first", "Shop", SECRET)
    assert vault.put("second", "Shop", SECRET).lasting
    assert "memory" in vault.describe()
    backend.refused = set()
    vault.put("first", "Shop", SECRET)
    assert vault.describe() == "Keys are stored in this computer's keyring."


def test_that_a_key_in_memory_is_found_without_asking_a_keyring_that_hangs() -> None:
    backend = HangingBackend()
    vault = Vault(backend, limit=0.05)
    assert not vault.put("entry", "Shop", SECRET).lasting
    assert vault.get("entry", "Shop").secret == SECRET
    _let_go(backend)


def test_that_a_full_windows_vault_is_named_as_the_cause() -> None:
    assert "is full" in Vault(BrokenBackend(FullVaultError)).put("entry", "Shop", SECRET).sentence


def test_that_no_sentence_or_repr_of_the_vault_holds_the_secret() -> None:
    vault = Vault(BrokenBackend(OSError))
    kept = vault.put("entry", "Shop", SECRET)
    shown = [kept, vault.get("entry", "Shop"), vault.remove("entry", "Shop"), vault.describe(), vault]
    assert not [one for one in shown if SECRET in repr(one)]


def test_that_a_secret_beyond_what_windows_keeps_is_refused() -> None:
    vault = Vault(MemoryBackend())
    assert vault.put("entry", "Shop", "k" * (LARGEST_BYTES // 2)).lasting
    with pytest.raises(AccountError, match="1,280 characters"):
        vault.put("entry", "Shop", "k" * (LARGEST_BYTES // 2 + 1))


def test_that_a_keyring_that_hangs_is_given_up_after_the_limit() -> None:
    backend = HangingBackend()
    vault = Vault(backend, limit=0.05)
    answer = vault.get("entry", "Shop")
    assert answer.outcome is Outcome.LOCKED
    assert "no answer" in answer.sentence
    _let_go(backend)


def test_that_a_hanging_keyring_is_never_called_a_second_time_beside_it() -> None:
    backend = HangingBackend()
    vault = Vault(backend, limit=0.05)
    assert [vault.get("entry", "Shop").outcome for _ in range(3)] == [Outcome.LOCKED] * 3
    assert backend.most_at_once == 1
    _let_go(backend)


def test_that_a_keyring_answers_again_once_it_stops_hanging() -> None:
    backend = HangingBackend()
    MemoryBackend.set_password(backend, "entry", "Shop", SECRET)
    vault = Vault(backend, limit=0.05)
    assert vault.get("entry", "Shop").outcome is Outcome.LOCKED
    _let_go(backend)
    assert vault.get("entry", "Shop").secret == SECRET


def test_that_parallel_callers_take_turns() -> None:
    backend = HangingBackend()
    backend.answered.set()
    vault = Vault(backend, limit=5)
    callers = [threading.Thread(target=vault.get, args=("entry", "Shop")) for _ in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert backend.most_at_once == 1


def test_that_making_a_vault_asks_nothing_of_the_system() -> None:
    asked: list[str] = []

    def choose() -> None:
        asked.append("asked")

    vault = Vault(choose=choose)
    assert asked == []
    vault.describe()
    vault.describe()
    assert asked == ["asked"]


def test_that_a_backend_that_is_not_usable_here_is_passed_over() -> None:
    class Missing(MemoryBackend):
        viable = False

    class Working(MemoryBackend):
        viable = True

    assert isinstance(first_usable([Missing, Working]), Working)
    assert first_usable([Missing]) is None


@pytest.mark.skipif(sys.platform != "linux", reason="checks the Linux backends")
def test_that_the_environment_can_neither_choose_the_keyring_nor_set_its_properties() -> None:
    script = (
        "import json\n"
        "from gb_desktop.accounts.backends import TRUSTED\n"
        "from gb_desktop.accounts.vault import Vault\n"
        "print(json.dumps([[vars(kind()).get('scheme') for kind in TRUSTED], Vault().describe()]))\n"
    )
    environ = {name: value for name, value in os.environ.items() if name != "DBUS_SESSION_BUS_ADDRESS"}
    environ |= {
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "KEYRING_PROPERTY_SCHEME": "KeePassXC",
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent/bus",
    }
    done = subprocess.run([sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=True)
    schemes, described = json.loads(done.stdout)
    assert schemes == [None, None]
    assert "no keyring was found" in described


def _let_go(backend: HangingBackend) -> None:
    """End the call that the vault gave up on, so that no thread outlives the test."""
    backend.answered.set()
    for thread in threading.enumerate():
        if thread.name == "keyring":
            thread.join(5)
