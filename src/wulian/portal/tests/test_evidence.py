"""The proof that the audit log holds a receipt: by page, at a prompt without platform, in a browser without network."""

import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader

from wulian.casework.intake.rebuilding import contents_of
from wulian.casework.intake.services import receive_submission
from wulian.casework.intake.tests import factories as make
from wulian.casework.intake.tests.conftest import people  # noqa: F401
from wulian.core.audit import canonical
from wulian.core.audit.services import record_event, sequence_events, write_checkpoint
from wulian.crypto import hexdigest
from wulian.portal import evidence, verification
from wulian.portal.verification import read_receipt, verify

pytestmark = pytest.mark.django_db
STATIC = Path(evidence.__file__).parent / "static" / "portal"


@pytest.fixture
def slip(visitor, settings, tmp_path):
    """A receipt of an installation of its own: the files of its checkpoints begin with its database."""
    settings.VAR_DIR = tmp_path / "state"
    return visitor.submit()


def chained(receipt, events=3):
    """The receipt's proof after a checkpoint that stands some events behind it."""
    sequence_events()
    for _number in range(events):
        record_event(actor=None, verb="intake.received", summary="x")
    write_checkpoint()
    return evidence.receipt_document(receipt)


def judged(document):
    return verify(document, evidence.find_public_key)


def test_a_receipt_is_genuine_at_once_and_logged_from_the_next_checkpoint(slip):
    early = judged(evidence.receipt_document(slip.receipt))
    assert (early.genuine, early.logged) == (True, None)
    late = judged(chained(slip.receipt))
    assert (late.genuine, late.logged) == (True, True) and late.checkpoint.startswith("2026-09-29")


def test_the_proof_reveals_nothing_about_the_matter(slip):
    text = json.dumps(chained(slip.receipt), ensure_ascii=False)
    for hidden in (make.NAME, make.PHONE, make.RESPONDENT, "串通", slip.code, slip.matters[0].alias):
        assert hidden not in text
    assert set(json.loads(text)["log"]["fields"]) == set(evidence.SHOWN)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda log: log["fields"].update(data=log["fields"]["data"].replace("1号", "2号")), "event"),
        (lambda log: log["fields"].update(occurred_at='"2020-01-01"'), "marks"),
        (lambda log: log["following"].pop(), "path"),
        (lambda log: log.update(prev_hash="0" * 63 + "1"), "path"),
        (lambda log: log["checkpoint"].update(time="2020-01-01"), "checkpoint"),
        (lambda log: log["checkpoint"].update(signatures=[]), "checkpoint"),
        (lambda log: log.pop("marks"), "event"),
        (lambda log: log.update(checkpoint=[]), "event"),
        (lambda log: log.update(following=7), "event"),
    ],
)
def test_a_proof_that_was_changed_does_not_hold(slip, change, reason):
    document = json.loads(json.dumps(chained(slip.receipt)))
    change(document["log"])
    verdict = judged(document)
    assert (verdict.genuine, verdict.logged, verdict.reason) == (True, False, reason)


@pytest.mark.parametrize("name", ["number", "received_at", "digest", "key_id", "signature"])
def test_a_receipt_that_was_changed_is_not_genuine(slip, name):
    document = evidence.receipt_document(slip.receipt)
    document["receipt"][name] = "随招收〔2026〕9号"
    assert not judged(document).genuine


def test_the_proof_of_another_receipt_does_not_serve(visitor, slip):
    other = make.complaint().receipt
    document = chained(slip.receipt)
    document["receipt"] = evidence.receipt_document(other)["receipt"]
    assert judged(document).reason == "event"


def test_the_saved_page_holds_the_receipt_and_opens_without_network(visitor, slip):
    saved = visitor.client.get("/portal/receipt/save/")
    text = saved.content.decode()
    assert "attachment" in saved.headers["Content-Disposition"] and slip.code in text
    assert read_receipt(text)["receipt"]["number"] == slip.receipt.number
    assert "src=" not in text and "href=" not in text, "nothing is fetched"
    assert judged(read_receipt(text)).genuine
    assert Client().get("/portal/receipt/save/").status_code == 302


def with_files(visitor, **changes):
    """A report sent with a file; returns its slip and the bytes of the file."""
    sent = "投标保证金缴纳记录摘抄".encode()
    visitor.step("topic", topic="collusion")
    visitor.client.post("/portal/report/files/", {"files": [SimpleUploadedFile("记录.txt", sent)]})
    return visitor.submit(**changes), sent


def test_what_was_written_and_each_file_are_proven_word_by_word(visitor, settings, tmp_path):
    settings.VAR_DIR = tmp_path / "state"
    slip, sent = with_files(
        visitor, facts={"facts": "第一行写了十个字以上的内容。\r\n“第二行”也要分毫不差。"}
    )
    document = json.loads(json.dumps(evidence.receipt_document(slip.receipt, with_content=True)))
    verdict = judged(document)
    assert verdict.content is True and verdict.files == {"材料1.txt": hexdigest(sent)}
    assert "分毫不差" in "".join(document["content"]) and make.NAME not in json.dumps(document)
    document["content"][0] = document["content"][0].replace("分毫不差", "差不多")
    assert judged(document).content is False and judged(document).genuine
    for rubbish in ([7], "x", {"a": 1}, [["x"]]):
        assert judged({**document, "content": rubbish}).content is False
    assert judged(evidence.receipt_document(slip.receipt)).content is None


def test_a_dossier_linked_later_does_not_change_what_was_written(slip):
    matter = slip.matters[0]
    matter.project = make.project()
    matter.save()
    assert judged(evidence.receipt_document(slip.receipt, with_content=True)).content is True
    matter.project_text = "别的项目"
    matter.save()
    assert evidence.receipt_document(slip.receipt, with_content=True)["content"] == [], (
        "rather nothing than what was not written"
    )


def test_several_matters_of_one_letter_are_proven_in_the_order_they_were_entered(people):  # noqa: F811
    contents = [
        ("tip_off", make.content(knew_on=None)),
        ("complaint", make.content()),
        ("tip_off", make.content(knew_on=None, request="另案查处。")),
    ]
    issued = receive_submission(
        actor=people.clerk, contents=contents, reporter=make.reporter(), received_via="window"
    )
    document = evidence.receipt_document(issued.receipt, with_content=True)
    assert judged(document).content is True and len(document["content"]) == 3


def test_the_paper_receipt_holds_code_text_and_proof(visitor, slip):
    answer = visitor.client.get("/portal/receipt/paper/")
    assert answer.headers["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.content))
    text = "".join(page.extract_text() for page in reader.pages).replace("\n", "")
    assert slip.code in text and "开标时三家投标文件" in text and slip.receipt.number in text
    ((name, (attached,)),) = reader.attachments.items()
    verdict = judged(read_receipt(attached.decode()))
    assert name == "2026-1.json" and verdict.genuine and verdict.content
    assert make.NAME not in text and Client().get("/portal/receipt/paper/").status_code == 302


def test_a_closing_tag_in_the_content_cannot_break_the_saved_page(slip, visitor):
    slip.receipt.materials = "</script><script>alert(1)</script>"
    slip.receipt.save()
    text = visitor.client.get("/portal/receipt/save/").content.decode()
    assert "<script>alert" not in text
    assert read_receipt(text)["receipt"]["materials"] == ["</script><script>alert(1)</script>"]


def test_the_public_page_verifies_a_saved_file(visitor, slip):
    visitor.client.post("/portal/status/", {"number": slip.receipt.number, "code": slip.code})
    chained(slip.receipt)
    proof = visitor.client.get("/portal/status/proof/").content
    page = Client().post("/portal/verify/", {"file": SimpleUploadedFile("证明.json", proof)})
    assert "留痕日志已载入" in page.content.decode()
    forged = proof.replace(slip.receipt.digest.encode(), b"0" * 64, 1)
    page = Client().post("/portal/verify/", {"file": SimpleUploadedFile("证明.json", forged)})
    assert "未通过核验" in page.content.decode()
    for rubbish in (b"", b"{}", b"\xff\xfe", b'{"format": "wulian-receipt-1"}', b"[1]", b"[" * 100_000):
        page = Client().post("/portal/verify/", {"file": SimpleUploadedFile("x.json", rubbish)})
        assert page.status_code == 422
    assert Client().post("/portal/verify/").status_code == 422


def test_at_a_prompt_with_the_public_keys_alone(slip, tmp_path):
    """No platform, no database: a process of its own that may not even import Django."""
    proof = tmp_path / "proof.json"
    proof.write_text(json.dumps(chained(slip.receipt)), encoding="utf-8")
    keys = []
    for key_id, pem in evidence.public_keys():
        (tmp_path / f"{key_id}.pem").write_text(pem)
        keys += ["--key", str(tmp_path / f"{key_id}.pem")]
    program = (
        "import sys; sys.modules['django'] = None; from wulian.cli import main; sys.exit(main(sys.argv[1:]))"
    )

    def run(*given):
        command = [sys.executable, "-c", program, "verify-receipt", *given]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    good = run(str(proof), *keys)
    assert good.returncode == 0 and "真实" in good.stdout and "已载入" in good.stdout, good.stderr
    assert "没有提交的内容" in good.stdout
    whole, sent = tmp_path / "whole.json", tmp_path / "sent.txt"
    whole.write_text(json.dumps(evidence.receipt_document(slip.receipt, with_content=True)), encoding="utf-8")
    sent.write_bytes(b"never sent")
    assert "与回执一致" in run(str(whole), *keys).stdout
    strange = run(str(whole), *keys, "--file", str(sent))
    assert strange.returncode == 1 and "不在回执之列" in strange.stdout
    other = run(str(proof), *keys[2:])
    assert other.returncode == 1 and "未通过" in other.stdout
    assert run(str(tmp_path / "none.json"), *keys).returncode == 2


@pytest.mark.skipif(
    shutil.which("node") is None, reason="no JavaScript at the prompt; the browser test runs it too"
)
def test_the_script_of_the_browser_says_the_same(slip, tmp_path):
    document = {**chained(slip.receipt), "content": contents_of(slip.receipt)}
    forged = json.loads(json.dumps(document))
    forged["log"]["following"].pop()
    forged["content"][0] = forged["content"][0].replace("串通", "串标")
    given = {"keys": dict(evidence.public_keys()), "good": json.dumps(document), "forged": json.dumps(forged)}
    given["digest"] = hexdigest(b"abc" * 100)
    (tmp_path / "given.json").write_text(json.dumps(given))
    program = (
        (STATIC / "verifier.js").read_text()
        + """
    const given = JSON.parse(require("fs").readFileSync(process.argv[2], "utf8"));
    Promise.all([verifyReceipt(given.good, given.keys), verifyReceipt(given.good, {}), verifyReceipt(given.forged, given.keys)])
      .then((found) => console.log(JSON.stringify([...found.map((item) => [item.genuine, item.logged, item.content]), sm3(new TextEncoder().encode("abc".repeat(100))) === given.digest])));
    """
    )
    (tmp_path / "try.js").write_text(program)
    command = ["node", str(tmp_path / "try.js"), str(tmp_path / "given.json")]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert json.loads(answer.stdout) == [
        [True, True, True],
        [False, None, None],
        [True, False, False],
        True,
    ], answer.stderr


def test_the_verifier_is_one_file_with_todays_keys(visitor, slip):
    saved = Client().get("/portal/verify/offline/")
    text = saved.content.decode()
    assert "attachment" in saved.headers["Content-Disposition"]
    assert "src=" not in text and "href=" not in text
    for key_id, _pem in evidence.public_keys():
        assert key_id in text


def test_only_the_session_of_the_code_gets_the_proof(slip):
    assert Client().get("/portal/status/proof/").status_code == 302


def test_the_verifier_and_the_log_agree_on_the_fields_of_an_event():
    assert verification.EVENT_FIELDS == canonical.CHAINED_FIELDS
    assert verification.MARK_DIGITS == canonical.MARK_DIGITS
