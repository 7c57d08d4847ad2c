"""A citizen at the portal over plain HTTP: walks through the questions, adds a photo, proves work, sends, comes back.

Each visitor has an address of its own on loopback (127.x.y.z), since the portal makes the work harder for an address that sends much.
"""

from __future__ import annotations

import base64
import http.client
import io
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

import altcha

FACTS = "开标当日三家投标文件由同一台电脑编制，报价呈规律性差异，错误之处完全相同。"
ANSWERS = {
    "topic": {"topic": "collusion"},
    "channel": {"kind": "complaint"},
    "project": {"project_text": "府河南岸道路改造工程"},
    "respondent": {"respondent_name": "湖北楚源建设工程有限公司"},
    "when": {"happened_on": "2026-01-05", "knew_on": "2026-01-06"},
    "request": {"request": "请依法查处串通投标行为，认定中标无效。"},
    "evidence": {"evidence": "开标记录照片一张。"},
    "files": {},
    "relation": {"relation": "bidder"},
    "who": {
        "kind": "person",
        "name": "欧阳听雨",
        "phone": "13986412075",
        "address": "随州市曾都区汉东路77号",
    },
}
CODE = re.compile(r'id="code">([0-9A-Z-]{34})<')
NUMBER = re.compile(r"随招收〔\d{4}〕\d+号")
CHALLENGE = re.compile(r'<script id="challenge" type="application/json">(.*?)</script>', re.S)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
BOUNDARY = "----wulian-visitor"


class NoAnswer(Exception):
    """The server was gone, or answered that it could not; a visitor tries again."""


@dataclass
class Answer:
    status: int
    location: str
    text: str


@dataclass
class Visitor:
    """One browser. `number` tells visitors apart; `photo` are the bytes of the photo."""

    host: str
    number: int
    photo: bytes
    text_bytes: int = 6 * 1024
    cookies: dict[str, str] = field(default_factory=dict)
    page: Answer | None = None
    proof: str = ""
    proof_seconds: float = 0.0
    receipt: str = ""
    code: str = ""

    @property
    def address(self) -> str:
        return f"127.{10 + self.number // 62500}.{self.number // 250 % 250 + 1}.{self.number % 250 + 1}"

    @property
    def facts(self) -> str:
        """6 KB of Chinese text by default, different for each visitor; three bytes a character."""
        text = f"第{self.number}号来件。" + FACTS * (self.text_bytes // len(FACTS.encode()) + 1)
        return text[: self.text_bytes // 3]

    def walk(self) -> None:
        """Answer the questions up to the one for files."""
        self._answer_until("files", start="topic")

    def add_photo(self) -> None:
        """Send the photo as the page's script does."""
        self.get("/portal/report/files/")
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="photo.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
        body = head.encode() + self.photo + f"\r\n--{BOUNDARY}--\r\n".encode()
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        answer = self.ask("POST", "/portal/report/files/", body, kind, {"Accept": "application/json"})
        if answer.status != 200 or json.loads(answer.text)["refused"]:
            raise NoAnswer(f"photo: {answer.status} {answer.text[:200]}")

    def review(self) -> None:
        """Answer what is left, up to the page of answers."""
        self.page = self._answer_until("check", start="files")

    def prove(self) -> None:
        """Do the work that the page of answers asks for."""
        assert self.page is not None
        found = CHALLENGE.search(self.page.text)
        if found is None:
            raise NoAnswer("the page of answers holds no challenge")
        challenge, started = json.loads(found[1]), time.thread_time()
        solution = altcha.solve_challenge(altcha.Challenge.from_dict(challenge))
        self.proof_seconds = time.thread_time() - started
        payload = {"challenge": challenge, "solution": solution.to_dict()}
        self.proof = base64.b64encode(json.dumps(payload).encode()).decode()

    def send(self) -> None:
        """Confirm and send; returns once the receipt has been shown."""
        answer = self.post("/portal/report/check/", {"truth": "on", "proof": self.proof})
        if answer.status != 302 or "receipt" not in answer.location:
            raise NoAnswer(f"sending: {answer.status} {answer.location}")

    def read_receipt(self) -> None:
        """Note number and code of the receipt that is shown."""
        answer = self.get("/portal/receipt/")
        code, number = CODE.search(answer.text), NUMBER.search(answer.text)
        if answer.status != 200 or not code or not number:
            raise NoAnswer(f"receipt: {answer.status} {answer.location}")
        self.receipt, self.code = number[0], code[1]

    def opens_report(self) -> bool:
        """Come back as a stranger with number and code; whether the page shows this visitor's receipt."""
        stranger = Visitor(self.host, self.number, b"")
        stranger.get("/portal/status/")
        answer = stranger.post("/portal/status/", {"number": self.receipt, "code": self.code})
        return answer.status == 302 and self.receipt in stranger.get(answer.location).text

    def _answer_until(self, last: str, *, start: str) -> Answer:
        step = start
        for _time in range(20):
            page = self.get(f"/portal/report/{step}/")
            if step == last:
                return page
            if page.status == 302:
                step = _step_of(page.location)
                continue
            given = {"facts": self.facts} if step == "facts" else ANSWERS[step]
            answer = self.post(f"/portal/report/{step}/", given)
            if answer.status != 302:
                raise NoAnswer(f"{step}: {answer.status}")
            step = _step_of(answer.location)
        raise NoAnswer(f"the questions never led to {last}")

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, values: dict[str, str]) -> Answer:
        return self.ask("POST", path, urlencode(values).encode(), "application/x-www-form-urlencoded")

    def ask(
        self, method: str, path: str, body: bytes = b"", kind: str = "", more: dict[str, str] | None = None
    ) -> Answer:
        """One request on a line of its own; raises NoAnswer when the server is gone or answers 5xx."""
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            **(more or {}),
        }
        if method == "POST":
            headers |= {"Content-Type": kind, "X-CSRFToken": self.cookies.get("csrftoken", "")}
        line = http.client.HTTPConnection(self.host, timeout=300, source_address=(self.address, 0))
        try:
            line.request(method, path, body or None, headers)
            got = line.getresponse()
            text = got.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as problem:
            raise NoAnswer(f"{method} {path}: {type(problem).__name__}") from None
        finally:
            line.close()
        if got.status >= 500:
            raise NoAnswer(f"{method} {path}: {got.status}")
        for name, value in _cookies(got.headers.get_all("Set-Cookie") or []):
            self.cookies[name] = value
        return Answer(
            got.status, got.headers.get("Location", ""), unescape(text) if "challenge" not in text else text
        )


def photo(size: int = 300 * 1024) -> bytes:
    """A JPEG of about `size` bytes that no compression makes smaller, with the metadata of a camera."""
    import random

    from PIL import Image

    edge = int((size * 1.77) ** 0.5)
    made = Image.frombytes("L", (edge, edge), random.Random(1).randbytes(edge * edge)).convert("RGB")
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Camera", "Model 7"
    held = io.BytesIO()
    made.save(held, "JPEG", quality=75, exif=exif)
    return held.getvalue()


def _step_of(location: str) -> str:
    return location.rstrip("/").rsplit("/", 1)[1]


def _cookies(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, _equals, value = line.partition(";")[0].partition("=")
        yield name.strip(), value.strip()
