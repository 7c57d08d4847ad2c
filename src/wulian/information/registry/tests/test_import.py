from __future__ import annotations

import io
from decimal import Decimal

import pytest

from wulian.core.accounts.choices import Role
from wulian.core.audit.models import AuditEvent
from wulian.exchange.tests.builders import RELEASE, make_release, put, shared_folder, write_gzip
from wulian.exchange.workbook import example_dossiers, read_workbook, write_workbook
from wulian.information.registry.models import (
    TABLE_MODELS,
    Award,
    Bid,
    DossierNode,
    ImportRefusal,
    Lot,
    Party,
    PartyIdentifier,
    Project,
    RegistryChange,
    Tender,
)
from wulian.information.registry.services.imports import import_file, refusal_report
from wulian.information.registry.services.upsert import upsert_dossiers
from wulian.information.registry.signals import dossiers_changed
from wulian.information.registry.tests.import_builders import counts, enter, import_releases, make_official

pytestmark = pytest.mark.django_db

NEWER = "2025-07-01T00:00:00+08:00"


def contents():
    """Every stored row of the registry, for comparing before and after."""
    return {table: sorted(map(str, model.objects.values_list())) for table, model in TABLE_MODELS.items()} | {
        "identifiers": sorted(PartyIdentifier.objects.values_list())
    }


def test_a_dossier_enters_with_all_its_rows_and_one_line_of_history(tmp_path):
    run = import_releases(tmp_path, RELEASE)
    assert counts(run) == (1, 0, 0, 0)
    project = Project.objects.get()
    assert (project.source_system, project.source_key) == ("ocds-sz0001", "ocds-sz0001-2025-018")
    bids = Bid.objects.filter(lot__tender__project=project).order_by("source_key")
    assert [(bid.source_key, bid.tenderer.name, bid.price) for bid in bids] == [
        ("T1", "随州编钟建设工程有限公司", Decimal("41860000.00")),
        ("T2", "湖北炎帝建工集团有限公司", Decimal("42310000.01")),
    ]
    change = RegistryChange.objects.get()
    assert (change.project, change.action, change.import_run) == (project, "created", run)
    assert change.changes["bids"] == [0, 2]
    assert "1" in run.message, "the rounded price is told"


def test_the_same_file_twice_changes_nothing(tmp_path):
    import_releases(tmp_path, RELEASE, make_release(ocid="ocds-sz0001-2"))
    before, history = contents(), RegistryChange.objects.count()
    run = import_releases(tmp_path, RELEASE, make_release(ocid="ocds-sz0001-2"))
    assert counts(run) == (0, 0, 2, 0)
    assert contents() == before
    assert RegistryChange.objects.count() == history


def test_the_same_facts_under_another_hash_change_no_row(tmp_path):
    import_releases(tmp_path, RELEASE)
    before = contents()
    run = import_releases(tmp_path, make_release(x_extra="ignored"))
    assert counts(run) == (0, 0, 1, 0)
    after = contents()
    assert {t for t in before if before[t] != after[t]} == {"projects"}, "only the hash of the release moved"
    assert RegistryChange.objects.count() == 1


def test_a_newer_release_updates_and_keeps_history(tmp_path):
    import_releases(tmp_path, RELEASE)
    newer = put(make_release(date=NEWER), "bids/details/0/value/amount", 41000000)
    newer["awards"].append({"id": "A2", "status": "pending", "suppliers": [{"id": "B2"}]})
    run = import_releases(tmp_path, newer)
    assert counts(run) == (0, 1, 0, 0)
    assert Bid.objects.get(source_key="T1").price == Decimal("41000000.00")
    changes = {
        (c.table, c.source_key, c.action): c.changes for c in RegistryChange.objects.filter(import_run=run)
    }
    assert changes["bids", "T1", "updated"] == {"price": ["41860000.00", "41000000.00"]}
    assert changes["awards", "A2", "created"]["supplier"] == [None, "湖北炎帝建工集团有限公司"]
    assert Project.objects.get().released_at.month == 6


def test_a_row_that_vanishes_is_ended_and_comes_back_when_it_returns():
    enter(RELEASE)
    gone = make_release(date=NEWER)
    gone["bids"]["details"].pop()
    enter(gone)
    ended = Bid.objects.get(source_key="T2")
    assert ended.ended_at is not None
    assert Bid.objects.current().count() == 1
    assert RegistryChange.objects.filter(table="bids", source_key="T2", action="ended").exists()
    enter(make_release(date="2025-08-01T00:00:00+08:00"))
    assert Bid.objects.get(source_key="T2").ended_at is None


def test_an_older_release_is_ignored_and_said_so(tmp_path):
    import_releases(tmp_path, RELEASE)
    before = contents()
    run = import_releases(
        tmp_path, put(make_release(date="2025-01-01T00:00:00Z"), "awards/0/status", "cancelled")
    )
    assert counts(run) == (0, 0, 1, 0)
    assert contents() == before
    assert "1" in run.message


def test_a_release_that_tells_a_part_ends_nothing_it_is_silent_about():
    enter(RELEASE)
    part = make_release(date=NEWER, tag=["award"], tender=None, bids=None, contracts=None, planning=None)
    part["awards"][0]["status"] = "cancelled"
    (outcome,) = enter(part)
    assert outcome.action == "updated"
    assert Award.objects.get().status == "cancelled"
    assert Bid.objects.current().count() == 2
    assert Tender.objects.get().name == RELEASE["tender"]["title"]
    assert Lot.objects.get().estimated_price == Decimal("43500000.00")


def test_one_bad_row_keeps_its_record_out_and_lets_the_others_in(tmp_path):
    bad = put(make_release(ocid="ocds-sz0001-bad"), "awards/0/date", "0000-00-00")
    run = import_releases(tmp_path, RELEASE, bad, make_release(ocid="ocds-sz0001-3"))
    assert counts(run) == (2, 0, 0, 1)
    assert not Project.objects.filter(source_key="ocds-sz0001-bad").exists()
    refusal = run.refusals.get()
    assert (refusal.row_no, refusal.record_id, refusal.column) == (2, "ocds-sz0001-bad", "/awards[0]/date")
    assert "应为日期" in refusal.message
    assert refusal.raw == "0000-00-00"


def test_a_refusal_of_the_database_keeps_only_that_record_out(monkeypatch):
    from django.db import IntegrityError

    from wulian.information.registry.services import upsert

    real = upsert._Batch.save

    def failing(self):
        if any(work.dossier.source_id == "ocds-sz0001-bad" for work in self.works):
            real(self)
            raise IntegrityError("UNIQUE constraint failed")
        return real(self)

    monkeypatch.setattr(upsert._Batch, "save", failing)
    outcomes = enter(RELEASE, make_release(ocid="ocds-sz0001-bad"), make_release(ocid="ocds-sz0001-3"))
    assert [outcome.action for outcome in outcomes] == ["created", "refused", "created"]
    assert "UNIQUE" in outcomes[1].note
    assert Project.objects.count() == 2
    assert Bid.objects.count() == 4


def test_two_versions_of_one_dossier_in_one_batch_end_as_the_newest():
    newer = put(make_release(date=NEWER), "awards/0/status", "cancelled")
    outcomes = enter(newer, RELEASE)
    assert [outcome.action for outcome in outcomes] == ["created", "unchanged"]
    assert Award.objects.get().status == "cancelled"
    outcomes = enter(put(make_release(date="2025-08-01"), "awards/0/status", "active"))
    assert Award.objects.get().status == "active"


CODE = "2401-421303-04-01-900001"


def with_code(**changes):
    release = make_release(**changes)
    release["planning"]["project"] = {"id": CODE, "title": "城区道路改造工程"}
    return release


def test_two_sources_of_one_project_code_fill_one_dossier_and_do_not_end_each_others_rows():
    first, second = with_code(), with_code(ocid="ocds-sz0002-77")
    enter(first, second)
    project = Project.objects.get(project_code=CODE)
    assert project.source_system == "ocds-sz0001"
    assert Tender.objects.filter(project=project).count() == 2
    assert Bid.objects.current().count() == 4
    again = [enter(first)[0].action, enter(second)[0].action]
    assert again == ["unchanged", "unchanged"]
    enter(with_code(date=NEWER))
    assert Bid.objects.current().count() == 4


def test_a_project_code_of_another_dossier_is_refused_with_its_name():
    enter(with_code(), make_release(ocid="ocds-sz0001-2"))
    (outcome,) = enter(with_code(ocid="ocds-sz0001-2", date=NEWER))
    assert outcome.action == "refused"
    assert CODE in outcome.note
    assert "城区道路改造工程" in outcome.note


def test_consortium_partners_are_stored_and_their_change_is_in_the_history():
    joint = put(RELEASE, "bids/details/0/tenderers", [{"id": "B1"}, {"id": "B2"}])
    enter(joint)
    assert [p.name for p in Bid.objects.get(source_key="T1").consortium.all()] == ["湖北炎帝建工集团有限公司"]
    assert enter(joint)[0].action == "unchanged"
    enter(make_release(date=NEWER))
    assert not Bid.objects.get(source_key="T1").consortium.exists()
    change = RegistryChange.objects.get(table="bids", source_key="T1")
    assert change.changes == {"consortium": [["湖北炎帝建工集团有限公司"], []]}


def test_the_nodes_of_a_dossier_follow_from_its_facts():
    enter(RELEASE)
    nodes = {node.code: node for node in DossierNode.objects.all()}
    assert nodes["N03"].evidence == "招标公告"
    assert nodes["N08"].planned_at.isoformat() == "2025-04-08T01:30:00+00:00"
    assert nodes["N08"].actual_at is None
    assert nodes["N13"].actual_at is not None
    assert nodes["N15"].actual_at is not None
    assert Project.objects.get().stage == "N15"


def test_subscribers_hear_of_changed_dossiers_after_commit(django_capture_on_commit_callbacks):
    heard: list[list[int]] = []

    def listen(sender, project_ids, **kwargs):
        heard.append(project_ids)

    dossiers_changed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            enter(RELEASE)
            assert heard == []
        assert heard == [[Project.objects.get().pk]]
        with django_capture_on_commit_callbacks(execute=True):
            enter(RELEASE)
        assert len(heard) == 1, "an unchanged dossier disturbs nobody"
    finally:
        dossiers_changed.disconnect(listen)


def test_an_import_is_an_audit_event_with_its_counts(tmp_path):
    actor = make_official("dispatcher", Role.DISPATCHER)
    run = import_releases(tmp_path, RELEASE, actor=actor)
    event = AuditEvent.objects.get(verb="registry.imported")
    assert event.data["created"] == 1
    assert run.file_hash == event.data["file_hash"]
    assert RegistryChange.objects.get().actor == actor


def test_a_large_import_costs_a_fixed_number_of_queries_a_chunk(django_assert_max_num_queries):
    releases = [make_release(ocid=f"ocds-sz0001-{n}") for n in range(60)]
    with django_assert_max_num_queries(120):
        enter(*releases)
    newer = [make_release(ocid=f"ocds-sz0001-{n}", date=NEWER) for n in range(60)]
    with django_assert_max_num_queries(80):
        enter(*newer)


def test_the_example_workbook_enters_whole_and_twice_is_unchanged(tmp_path):
    path = tmp_path / "初始录入.xlsx"
    with path.open("wb") as stream:
        write_workbook(example_dossiers(), stream)
    run = import_file(path=path)
    assert run.kind == "workbook"
    assert counts(run) == (1, 0, 0, 0), list(run.refusals.values())
    for table, model in TABLE_MODELS.items():
        assert model.objects.exists(), table
    node = DossierNode.objects.get(code="N08")
    assert node.operator == "交易中心开标室", "what the source says of a node stands"
    assert counts(import_file(path=path)) == (0, 0, 1, 0)


def test_the_bad_rows_of_a_workbook_are_one_refused_dossier_and_a_report_to_fix(tmp_path):
    (example,) = example_dossiers()
    data = example.model_dump()
    stream = io.BytesIO()
    write_workbook([type(example).model_validate(data)], stream)
    import python_calamine
    import xlsxwriter

    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(stream.getvalue()))
    path = tmp_path / "有错.xlsx"
    wrong = xlsxwriter.Workbook(path)
    for name in book.sheet_names:
        sheet = wrong.add_worksheet(name)
        for number, row in enumerate(book.get_sheet_by_name(name).to_python()):
            cells = ["坏" if name == "投标" and number and cell == "有效" else cell for cell in row]
            sheet.write_row(number, 0, [str(cell) if cell != "" else None for cell in cells])
    wrong.close()
    run = import_file(path=path)
    assert counts(run) == (0, 0, 0, 1)
    assert run.refusals.filter(sheet="投标", column="状态").count() == 3
    assert not Project.objects.exists()
    assert not Party.objects.exists()
    report = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(refusal_report(run)))
    rows = report.get_sheet_by_name("错误报告").to_python()
    assert rows[0][:4] == ["工作表", "行号", "记录", "列"]
    assert len(rows) == 1 + run.refusals.count()
    assert refusal_report(run, format="csv").startswith(b"\xef\xbb\xbf")


def test_a_file_of_the_wrong_kind_is_refused_and_leaves_nothing(tmp_path):
    path = tmp_path / "报告.pdf"
    path.write_bytes(b"%PDF-1.7\n" + b"\x00" * 500)
    run = import_file(path=path)
    assert counts(run) == (0, 0, 0, 1)
    assert run.state == "done"
    assert ImportRefusal.objects.get().message
    assert not Project.objects.exists()


DATA = shared_folder() / "data" / "ocds"


@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_dir(), reason=f"real data not there: {DATA} (set WULIAN_SHARED)")
def test_the_real_releases_of_twelve_publishers_come_in_and_stay_unchanged():
    run = import_file(path=DATA / "real_ocds.jsonl.gz")
    assert counts(run) == (606, 0, 0, 4), list(run.refusals.values_list("record_id", "column", "message"))
    history = RegistryChange.objects.count()
    again = import_file(path=DATA / "real_ocds.jsonl.gz")
    assert counts(again) == (0, 0, 606, 4)
    assert RegistryChange.objects.count() == history


def test_gzip_files_are_recognised_by_their_content(tmp_path):
    path = write_gzip(tmp_path / "upload.dat", [RELEASE])
    assert counts(import_file(path=path)) == (1, 0, 0, 0)


def test_an_exported_dossier_can_be_entered_elsewhere(tmp_path):
    stream = io.BytesIO()
    (example,) = example_dossiers()
    write_workbook([example], stream)
    stream.seek(0)
    (copy,) = read_workbook(stream)
    assert upsert_dossiers(dossiers=[example])[0].action == "created"
    assert upsert_dossiers(dossiers=[copy])[0].action == "unchanged"
