"""The city's memory of earlier bids: what comes in, what goes, what a new bid is told, and who sees whose it is."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from wulian.analysis.similarity.library import Library, LibraryError
from wulian.analysis.similarity.library.cli import main as library_command
from wulian.analysis.similarity.tests.texts import COPIED, own_text
from wulian.core.audit.models import AuditEvent
from wulian.core.config.errors import Forbidden
from wulian.core.ui.testing import assert_only_roles, sign_in
from wulian.information.comparison import services
from wulian.information.comparison.choices import FileRole
from wulian.information.comparison.models import (
    EarlierBid,
    ExtractedText,
    Run,
    SimilarityFinding,
    Submission,
)
from wulian.information.comparison.services import library as memory
from wulian.information.comparison.store import FILES, TEXTS, library_folder
from wulian.information.comparison.tests.conftest import A, B, C, attach, compare
from wulian.information.registry.models import Lot
from wulian.information.registry.tests.factories import enter, reservoir

pytestmark = pytest.mark.django_db
WORDS = COPIED * 3
TENDER = "".join(own_text(900, 12))


def text(seed: int, *parts: str) -> bytes:
    own = own_text(seed, 25)
    return "".join([*own[:12], *parts, *own[12:]]).encode()


def attach_texts(lot, actor, **bids):
    """The tender document, and a text a bidder."""
    attach(lot, actor, name="招标文件.txt", data=TENDER.encode(), role=FileRole.TENDER)
    for bidder, data in zip((A, B, C), bids.values(), strict=False):
        attach(lot, actor, bidder, "技术标.txt", data)


@pytest.fixture
def earlier(people) -> Lot:
    """A lot of the housing sector as its comparison left it, remembered: A's bid has the words."""
    [project] = enter(reservoir("2406-421300-04-01-100001", sector="housing", region="421300", awards=[]))
    lot = Lot.objects.get(project=project)
    attach_texts(lot, people.stranger, a=text(1, WORDS, TENDER), b=text(2, TENDER))
    run = Run.objects.create(
        project_id=lot.project_id,
        lot=lot,
        ordered_by=people.stranger,
        state="done",
        finished_at=timezone.now(),
    )
    for one in Submission.objects.filter(lot=lot):
        data = FILES.read(one.file_path)
        ExtractedText.objects.create(
            run=run, role=one.role, bidder=one.bidder, name=one.name, format="text", size=one.size, sm3=one.sm3,
            sha256=one.sha256, pages=1, characters=len(data.decode()), page_starts=[0], text_path=TEXTS.store([data]).name,
            text_sm3=one.sm3,
        )  # fmt: skip
    services.keep_bids(lot_id=lot.pk)
    return lot


@pytest.fixture
def reused(people, earlier, lot) -> SimpleNamespace:
    """A lot of the water sector: A has its own words again, B has A's."""
    attach_texts(lot, people.officer, a=text(3, WORDS), b=text(4, WORDS), c=text(5, TENDER))
    run = compare(lot, people.officer)
    found = SimilarityFinding.objects.filter(run=run, check_code="C-1")
    return SimpleNamespace(run=run, findings=found, earlier=earlier, lot=lot)


@pytest.fixture
def client_of(people):
    return lambda who: sign_in(Client(), getattr(people, who))


def shown(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def remembered() -> set[tuple[str, str]]:
    return {(one.origin, one.bidder) for one in Library(library_folder()).documents().values()}


def test_the_bids_of_a_comparison_are_remembered_once_without_their_words(earlier):
    assert remembered() == {(f"lot/{earlier.pk}", A), (f"lot/{earlier.pk}", B)}
    assert services.keep_bids(lot_id=earlier.pk) == 0
    assert not any((library_folder() / "texts").rglob("*.z"))
    assert Library(library_folder()).candidates(TENDER) == []
    event = AuditEvent.objects.get(verb="comparison.library_kept")
    assert len(event.data["added"]) == 2 and event.data["removed"] == []


def test_a_withdrawn_bid_goes_in_the_background(earlier, people):
    before = waiting()
    services.remove_submission(
        submission=Submission.objects.get(lot=earlier, bidder=A), actor=people.stranger
    )
    assert waiting() == before + 1
    services.keep_bids(lot_id=earlier.pk)
    assert remembered() == {(f"lot/{earlier.pk}", B)}


def waiting() -> int:
    return DBTaskResult.objects.filter(task_path__endswith="keep_in_background").count()


def test_anothers_words_are_a_hint_with_both_places_and_ones_own_are_none(reused, people):
    [finding] = reused.findings
    use = finding.earlier_bids.get()
    assert finding.subjects == [B]
    assert (use.lot, use.bidder, use.file_name) == (reused.earlier, A, f"{A}/技术标.txt")
    own = reused.run.texts.get(bidder=B)
    words = [TEXTS.read(own.text_path).decode(), TEXTS.read(use.text.text_path).decode()]
    for start, end, first, last in use.passages:
        assert words[0][start:end] == words[1][first:last]
    assert any(WORDS in words[0][start:end] for start, end, _, _ in use.passages)
    assert any(note.startswith(f"{A}沿用自己的历史文件") for note in reused.run.notes)
    # What is stored, and goes into leads and reports, says nothing of whose the earlier bid is.
    theirs = [one for one in finding.evidence if one["source"] != f"{B}/技术标.txt"]
    stored = json.dumps([finding.value, finding.remark, theirs, reused.run.notes[:-1]], ensure_ascii=False)
    assert "历史投标文件" in stored
    assert A not in stored and "黑屋湾" not in stored and WORDS[:20] not in stored
    assert waiting() == 1
    services.keep_bids(lot_id=reused.lot.pk)
    again = compare(reused.lot, people.officer)
    [after] = SimilarityFinding.objects.filter(run=again, check_code="C-1")
    assert (after.pk, after.earlier_bids.count()) == (finding.pk, 1)


def test_who_does_not_see_the_earlier_dossier_is_told_only_that_there_is_an_earlier_bid(
    reused, people, client_of
):
    [finding] = reused.findings
    name = str(finding.earlier_bids.get().file_name)
    for url in (finding.get_absolute_url(), reused.run.get_absolute_url()):
        hidden, open_to_all = (_card(shown(client_of(who), url)) for who in ("officer", "discipline"))
        assert (
            "本部门不监管" in hidden
            and name not in hidden
            and reused.earlier.project.get_absolute_url() not in hidden
        )
        assert name in open_to_all and f'href="{reused.earlier.project.get_absolute_url()}"' in open_to_all
    bundle = reverse("comparison:make_bundle", args=[finding.pk])
    assert bundle not in shown(client_of("officer"), finding.get_absolute_url())
    assert bundle in shown(client_of("discipline"), finding.get_absolute_url())
    _stands_side_by_side(reused, people, client_of)


def _stands_side_by_side(reused, people, client_of):
    use = EarlierBid.objects.get()
    everyone = {**vars(people), None: None}
    assert_only_roles(use.get_absolute_url(), everyone, {"discipline"})
    page = shown(client_of("discipline"), use.get_absolute_url())
    assert page.count('class="cp-pane"') == 2 and page.count('data-n="1"') == 2
    event = AuditEvent.objects.filter(verb="comparison.earlier_read").last()
    assert event.actor == people.discipline and event.data["lots"] == [reused.lot.pk, reused.earlier.pk]
    with pytest.raises(Forbidden):
        services.read_earlier(use=use, actor=people.officer)


def _card(page: str) -> str:
    return re.search(r'<section class="card mb-3" id="earlier">.*?</section>', page, re.DOTALL)[0]


def test_the_bundle_with_an_earlier_bid_is_made_and_taken_by_who_sees_both(reused, people):
    [finding] = reused.findings
    with pytest.raises(Forbidden, match="本部门不监管"):
        services.make_bundle(finding=finding, actor=people.officer)
    bundle = services.make_bundle(finding=finding, actor=people.discipline)
    with pytest.raises(Forbidden, match="本部门不监管"):
        services.read_bundle(bundle=bundle, actor=people.officer)
    verified = services.verify_bundle(
        data=services.read_bundle(bundle=bundle, actor=people.discipline), actor=people.officer
    )
    assert verified.is_unaltered
    assert {"历史投标文件.json", "历史文本/001.txt"} <= {one["name"] for one in verified.manifest["files"]}


def test_what_was_withdrawn_or_kept_long_enough_goes_in_the_night(earlier, settings):
    Submission.objects.filter(lot=earlier, bidder=A).delete()
    with time_machine.travel(timezone.now() + timezone.timedelta(days=30), tick=False):
        assert services.tidy_library() == 1
        assert remembered() == {(f"lot/{earlier.pk}", B)}
    with time_machine.travel(
        timezone.now() + timezone.timedelta(days=366 * settings.COMPARISON_LIBRARY_YEARS), tick=False
    ):
        services.tidy_library()
    assert remembered() == set()


def test_a_comparison_whose_bids_did_not_come_in_is_looked_after_in_the_night(earlier):
    library = Library(library_folder())
    library.remove(library.documents())
    assert services.tidy_library() == 2
    assert len(remembered()) == 2


def test_the_command_and_the_platform_keep_one_library(earlier, tmp_path, capsys):
    bids = tmp_path / "bids"
    (bids / C).mkdir(parents=True)
    (bids / C / "技术标.txt").write_bytes(text(6, "".join(own_text(77, 20))))
    place = str(library_folder())
    assert library_command(["add", place, "--bids", str(bids), "--name", "并网前的旧项目"]) == 0
    assert remembered() == {("", C), (f"lot/{earlier.pk}", A), (f"lot/{earlier.pk}", B)}
    [number] = [one.number for one in memory.open_library().documents().values() if one.bidder == A]
    assert library_command(["remove", place, str(number)]) == 0
    assert {one.bidder for one in memory.open_library().documents().values()} == {B, C}


def test_a_library_of_an_older_program_is_made_anew_by_command(earlier, capsys):
    head = library_folder() / "library.json"
    head.write_text(head.read_text().replace('"version": ', '"version": 9'))
    memory.forget_open_library()
    with pytest.raises(LibraryError, match="须重新建立"):
        memory.open_library()
    call_command("keep_library", "--anew")
    assert "1个标段，新增或者移出2份" in capsys.readouterr().out
    assert len(remembered()) == 2


def test_a_library_that_cannot_be_asked_stops_no_comparison(people, lot, monkeypatch):
    def broken(*_):
        raise LibraryError("库的版本与程序不符")

    monkeypatch.setattr(memory, "open_library", broken)
    attach_texts(lot, people.officer, a=text(3), b=text(4))
    run = compare(lot, people.officer)
    assert run.state == "done"
    assert any("历史投标文件库无法查询" in one and "版本" in one for one in run.notes)


def test_a_lot_that_was_never_compared_has_nothing_to_remember(lot):
    assert services.keep_bids(lot_id=lot.pk) == 0
    assert not Run.objects.exists() and not library_folder().exists()
