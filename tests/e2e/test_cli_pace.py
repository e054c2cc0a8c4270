"""Commands that send for one account one after the other, against the documented limits. Takes a minute."""

from __future__ import annotations

import pytest

from gb_desktop.practice.limits import Limits
from tests.e2e.cli_kit import FULL, Desktop, GameballFactory, adds_up
from tests.e2e.cli_sheets import CAIRO, cashback_rows, write_sheet

pytestmark = [*FULL, pytest.mark.timeout(300)]


def test_that_two_commands_right_after_each_other_are_never_told_to_slow_down(
    desktop: Desktop, gameball: GameballFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[float] = []
    admits = Limits.admits

    def counted(self: Limits, account: str, resource: str, at: float, scale: float) -> bool:
        if admitted := admits(self, account, resource, at, scale):
            return admitted
        refused.append(at)
        return False

    monkeypatch.setattr(Limits, "admits", counted)
    service = gameball(limits=1.0, pace=0, queue=0)
    desktop.data.mkdir()
    (desktop.data / "settings.json").write_text('{"chunk_size": 1}')
    head, *rows = cashback_rows(260)
    account = desktop.at(service.url)
    for number, part in enumerate((rows[:130], rows[130:])):
        file = write_sheet(desktop.folder / f"{number}.xlsx", [head, *part])
        ran = account.submit(file, "cashback", *CAIRO)
        assert ran.code == 0, ran.err
        adds_up(ran.json, rows=130, succeeded=130)
    assert refused == []
