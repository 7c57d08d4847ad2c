"""What an event says in one line of the room's timeline; Chinese, as it happened."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from wulian.exchange.events import Event, Story, kind_label


def tell(event: Event, story: Story) -> str:
    """One sentence of at most 500 characters; members of the committee stand under their aliases."""
    teller = _TELLERS.get(event.kind)
    text = teller(event.data, story) if teller else kind_label(event.kind)
    return text[:500]


def _firm(story: Story, bid: str) -> str:
    told = story.bids.get(bid)
    return told.told.tenderer.name if told else bid


def _received(data: Any, story: Story) -> str:
    late = "（迟于投标截止时间）" if _is_late(data, story) else ""
    return f"投标文件送达：{data.tenderer.name}{late}"


def _is_late(data: Any, story: Story) -> bool:
    told = story.bids.get(data.bid)
    return bool(told and story.deadline_at and told.received_at > story.deadline_at)


def _decrypted(data: Any, story: Story) -> str:
    if data.ok:
        return f"解密成功：{_firm(story, data.bid)}"
    return f"解密失败：{_firm(story, data.bid)}{'，' + data.reason if data.reason else ''}"


def _prices(data: Any, story: Story) -> str:
    return "唱标：" + "；".join(f"{_firm(story, row.bid)} {_yuan(row.price)}" for row in data.prices)


def _yuan(amount: Decimal) -> str:
    return f"{amount:,.2f}元"


def _objected(data: Any, story: Story) -> str:
    who = _firm(story, data.bid) if data.bid else "投标人"
    return f"现场异议（{who}）：{data.content}"


def _scores(data: Any, story: Story) -> str:
    total = sum((item.score for item in data.items), Decimal(0))
    return f"{story.members[data.member].alias}对{_firm(story, data.bid)}打分：{total}分"


def _report(data: Any, story: Story) -> str:
    ranked = sorted(data.candidates, key=lambda row: row.rank or 99)
    names = "、".join(f"第{row.rank or '—'}名 {_firm(story, row.bid)}" for row in ranked)
    return f"评标报告已提交。{'推荐中标候选人：' + names if names else '未推荐中标候选人'}"


_TELLERS = {
    "bid.received": _received,
    "bid.withdrawn": lambda data, story: f"投标文件撤回：{_firm(story, data.bid)}",
    "deadline.reached": lambda data, story: f"投标截止（{data.deadline_at:%Y-%m-%d %H:%M}）",
    "opening.started": lambda data, story: f"开标开始{'：' + data.place if data.place else ''}",
    "bid.decrypted": _decrypted,
    "prices.read": _prices,
    "opening.objected": _objected,
    "opening.answered": lambda data, story: f"异议答复：{data.content}",
    "committee.drawn": lambda data, story: f"评标委员会组建：{len(data.members)}人",
    "member.signed_in": lambda data, story: (
        f"{story.members[data.member].alias}签到{'' if data.verified is not False else '，身份核验未通过'}"
    ),
    "scores.given": _scores,
    "clarification.asked": lambda data, story: f"要求{_firm(story, data.bid)}澄清：{data.content}",
    "clarification.answered": lambda data, story: f"澄清答复：{data.content}",
    "bid.rejected": lambda data, story: f"否决投标：{_firm(story, data.bid)}（{data.basis}）",
    "evaluation.finished": lambda data, story: "评标结束" + ("，否决全部投标" if data.all_rejected else ""),
    "report.submitted": _report,
    "video.published": lambda data, story: f"音视频链接已发布：{data.label}",
}
