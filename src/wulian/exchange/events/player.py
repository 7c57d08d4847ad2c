"""``wulian simulate-opening``: plays an opening and evaluation day against the interface over HTTP, as a trading system would."""

from __future__ import annotations

import argparse
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from wulian.exchange.events.day import SCENARIOS, Beat, Day
from wulian.exchange.events.models import kind_label
from wulian.exchange.records import BEIJING

TRIES = 6
"""Times that one call is tried while the other side does not answer."""
LONGEST_WAIT = 20.0
Say = Callable[[str], None]


class Refused(Exception):
    """The platform refused what was sent; the message is its own."""


@dataclass
class Connection:
    """The interface of one platform, with a token."""

    base_url: str
    token: str
    timeout: float = 20.0
    pause: Callable[[float], None] = time.sleep

    def get(self, path: str) -> dict[str, Any]:
        status, answer = self._call("GET", path, None)
        if status != 200:
            raise Refused(f"{status} {_reason(answer)}")
        return answer

    def send(self, body: Any) -> tuple[int, dict[str, Any]]:
        """POST one event or a list; tries again while nobody answers or too much was sent, which is safe: events are idempotent."""
        return self._call("POST", "events", body)

    def _call(self, method: str, path: str, body: Any) -> tuple[int, dict[str, Any]]:
        address = f"{self.base_url.rstrip('/')}/api/supervision/{path}"
        data = json.dumps(body, ensure_ascii=False).encode() if body is not None else None
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        wait = 0.5
        for attempt in range(1, TRIES + 1):
            request = urllib.request.Request(address, data=data, headers=headers, method=method)
            try:
                with urllib.request.urlopen(request, timeout=self.timeout) as response:
                    return response.status, json.load(response)
            except urllib.error.HTTPError as error:
                if error.code != 429 and error.code < 500:
                    return error.code, _json_of(error)
                wait = float(error.headers.get("Retry-After") or wait)
            except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
                if attempt == TRIES:
                    raise Refused(f"{address}: {error}") from None
            self.pause(min(wait, LONGEST_WAIT))
            wait *= 2
        raise Refused(f"{address}: no answer after {TRIES} tries")


@dataclass
class Player:
    """Plays a day: ``speed`` minutes of the day pass in one minute of the wall clock."""

    connection: Connection
    day: Day
    speed: float = 60.0
    say: Say = print
    now: Callable[[], datetime] = field(default=lambda: datetime.now(BEIJING))

    def play(self) -> int:
        """Send the whole day; returns how many events were sent, repetitions not counted. Raises Refused."""
        lot = self.connection.get(f"lots/{urllib.parse.quote(self.day.lot, safe='')}")
        if lot["next_sequence"] > 1:
            raise Refused(f"标段 {self.day.lot} 已报送到第{lot['next_sequence'] - 1}号，不能从头再演一遍")
        if lot["ceiling_price"]:
            self.day.ceiling = Decimal(lot["ceiling_price"])
        deadline = datetime.fromisoformat(lot["deadline_at"]) if lot["deadline_at"] else self.now()
        self.say(
            f"{lot['name']}（{self.day.lot}）：{self.day.bidders}家投标，情景 {self.day.scenario}，截止 {deadline:%Y-%m-%d %H:%M}"
        )
        self.day.deadline = deadline
        sent: set[str] = set()
        for group in self._groups(self.day.beats(), deadline):
            self._send(group)
            sent.update(event["id"] for event in group)
        self.say(f"共报送{len(sent)}条事件")
        return len(sent)

    def _groups(self, beats: Sequence[Beat], deadline: datetime) -> Iterator[list[dict[str, Any]]]:
        """Events in the order in which they are sent; with a broken line some wait, and then come late and mixed up."""
        random = Random(self.day.seed)
        held: list[dict[str, Any]] = []
        last: float | None = None
        for number, beat in enumerate(beats, 1):
            self._wait(beat, last, deadline)
            last = beat.minute
            occurred = min(deadline + timedelta(minutes=beat.minute), self.now())
            event = self.day.event(number, beat, occurred, self.now())
            if self.day.scenario != "broken-connection":
                yield [event]
                continue
            held.append(event)
            if random.random() < 0.3 or number == len(beats):
                if len(held) > 1:
                    self.say(f"　　线路恢复，{len(held)}条事件乱序补报，其中一条重复")
                    held.append(random.choice(held))
                    random.shuffle(held)
                yield held
                held = []

    def _wait(self, beat: Beat, last: float | None, deadline: datetime) -> None:
        """The pace of the day; but nothing after the deadline happens before the deadline has really come."""
        if last is not None and beat.minute > last:
            self.connection.pause((beat.minute - last) * 60 / self.speed)
        left = (deadline - self.now()).total_seconds()
        if beat.minute >= 0 and left > 0:
            self.say(f"　　等待投标截止，还有{left:.0f}秒")
            self.connection.pause(left + 0.5)

    def _send(self, group: list[dict[str, Any]]) -> None:
        for event in group:
            event["sent_at"] = self.now().isoformat()
        status, answer = self.connection.send(group[0] if len(group) == 1 else group)
        results = answer.get("results") or [{"status": status, **answer}]
        for event, result in zip(group, results, strict=True):
            moment = datetime.fromisoformat(event["occurred_at"])
            line = f"{moment:%H:%M:%S} 第{event['sequence']:>3}号 {kind_label(event['kind'])}"
            if result["status"] >= 300:
                raise Refused(f"{line}：{result['status']} {_reason(result)}")
            self.say(f"{line}{_detail(event)}　{'已处理' if result['state'] == 'applied' else '等待补号'}")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns 1 with the platform's own words when it refuses."""
    options = _parser().parse_args(argv)
    day = Day(options.lot, options.bidders, options.scenario, options.seed)
    player = Player(Connection(options.base_url, options.token), day, options.speed, say=_print)
    try:
        player.play()
    except Refused as refused:
        print(f"被拒绝：{refused}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="wulian simulate-opening",
        description="Play a real opening and evaluation day against the platform's interface over HTTP.",
    )
    parser.add_argument("--base-url", default="http://127.0.0.1:8000", help="address of the platform")
    parser.add_argument("--token", required=True, help="access token of a trading system")
    parser.add_argument("--lot", required=True, help="code of the lot (标段编号)")
    parser.add_argument("--speed", type=_positive, default=60.0, help="minutes of the day in one minute (60)")
    parser.add_argument("--bidders", type=_bidders, default=5, help="how many bid, 2 to 40 (5)")
    parser.add_argument("--scenario", choices=SCENARIOS, default="normal", help="what happens (normal)")
    parser.add_argument("--seed", type=int, default=1, help="the same number gives the same day (1)")
    return parser


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < 1e9:
        raise argparse.ArgumentTypeError("expected a number above 0")
    return value


def _bidders(text: str) -> int:
    value = int(text)
    if not 2 <= value <= 40:
        raise argparse.ArgumentTypeError("expected 2 to 40")
    return value


def _print(line: str) -> None:
    print(line, flush=True)


def _reason(answer: dict[str, Any]) -> str:
    place = f"{answer['field']}：" if answer.get("field") else ""
    return f"{place}{answer.get('message', '')}"


def _json_of(error: urllib.error.HTTPError) -> dict[str, Any]:
    try:
        found = json.load(error)
    except ValueError:
        return {"message": str(error.reason)}
    return found if isinstance(found, dict) else {"message": str(error.reason)}


def _detail(event: dict[str, Any]) -> str:
    data = event["data"]
    if event["kind"] == "bid.received":
        return f" {data['tenderer']['name']}"
    if event["kind"] == "prices.read":
        return " " + "；".join(f"{row['bid']} {row['price']}元" for row in data["prices"])
    if event["kind"] == "scores.given":
        return f" {data['member']}→{data['bid']} {sum(Decimal(item['score']) for item in data['items'])}分"
    return f" {data['bid']}" if data.get("bid") else ""
