"""The interface for e-trading systems: POST events, ask where one stands. Described at /api/supervision/openapi.json."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.security import HttpBearer

from wulian.exchange.events import EVENT
from wulian.information.supervision.choices import EventState
from wulian.information.supervision.models import AccessToken, Room
from wulian.information.supervision.selectors.deadlines import deadline_of_lot
from wulian.information.supervision.services.feed import Answer, find_lot, take_events
from wulian.information.supervision.services.quarantine import Refused
from wulian.information.supervision.services.tokens import (
    NotAdmitted,
    TooMany,
    admit,
    count_rejected_call,
    spend,
)

MOST_BYTES = 1024 * 1024
MOST_EVENTS = 200
_REFERENCE = "#/components/schemas/{model}"


class _Described(NinjaAPI):
    """The description also holds the models of the events, which the call itself reads one by one."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        described = super().get_openapi_schema(**kwargs)
        schema = EVENT.json_schema(ref_template=_REFERENCE)
        components = described.setdefault("components", {}).setdefault("schemas", {})
        components.update(schema.pop("$defs"))
        components["Event"] = schema
        return described


class TradingToken(HttpBearer):
    """``Authorization: Bearer wls_…``."""

    def __call__(self, request: HttpRequest) -> Any:
        kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
        return self.authenticate(request, secret.strip() if kind.lower() == "bearer" else "")

    def authenticate(self, request: HttpRequest, token: str) -> AccessToken:
        try:
            return admit(secret=token)
        except NotAdmitted as refused:
            count_rejected_call(problem=refused.problem, address=request.META.get("REMOTE_ADDR", ""))
            raise


api = _Described(
    title="五联 开评标在线监督数据接口",
    version="1.0",
    description=(
        "电子交易系统逐条或成批报送开标、评标过程中的事件。同一事件编号重复报送得到同一回答；同一编号内容不同为409。"
        "序号按标段从1起连续编号，提前到达的事件等待缺号补齐（202）。时间不带时区的按北京时间。"
    ),
    urls_namespace="supervision-api",
    auth=TradingToken(),
    docs_url=None,
)


@api.exception_handler(NotAdmitted)
def _not_admitted(request: HttpRequest, refused: NotAdmitted) -> HttpResponse:
    answer = _problem(401, "token", "Authorization", f"令牌不被接受：{_CHINESE[refused.problem.value]}")
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(TooMany)
def _too_many(request: HttpRequest, refused: TooMany) -> HttpResponse:
    answer = _problem(429, "rate", "", f"报送过于频繁，请在{refused.retry_after}秒后再试")
    answer.headers["Retry-After"] = str(refused.retry_after)
    return answer


_CHINESE = {
    "missing": "缺少令牌，应为 Authorization: Bearer 令牌",
    "unknown": "没有这个令牌",
    "expired": "令牌已过期",
    "revoked": "令牌已吊销",
    "inactive": "该交易系统已停用",
}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "oneOf": [
                        {"$ref": "#/components/schemas/Event"},
                        {
                            "type": "array",
                            "items": {"$ref": "#/components/schemas/Event"},
                            "minItems": 1,
                            "maxItems": MOST_EVENTS,
                        },
                    ]
                }
            }
        },
    },
    "responses": {
        "201": {"description": "已接收并处理"},
        "202": {"description": "已接收，等待缺号补齐"},
        "207": {"description": "成批报送中有被拒收的事件，逐条见 results"},
        "400": {"description": "不是 JSON"},
        "401": {"description": "令牌不被接受"},
        "404": {"description": "没有这个标段"},
        "409": {"description": "编号或序号冲突，或未到投标截止时间"},
        "413": {"description": "内容过大"},
        "422": {"description": "字段有误，field 为字段路径"},
        "429": {"description": "过于频繁，见 Retry-After"},
    },
}


@api.post("/events", summary="报送事件（一条或一批）", openapi_extra=_BODY)
def post_events(request: HttpRequest) -> HttpResponse:
    """One event, or a list of them; each is taken whole or not at all."""
    token: AccessToken = request.auth  # type: ignore[attr-defined]
    size = request.headers.get("Content-Length") or "0"
    if not size.isdigit() or int(size) > MOST_BYTES:
        return _problem(413, "size", "", f"一次报送最多{MOST_BYTES // 1024}千字节")
    try:
        document = json.loads(request.body, parse_constant=_no_such_number)
    except (ValueError, RecursionError):
        return _problem(400, "json", "", "应为 UTF-8 编码的 JSON")
    documents = document if isinstance(document, list) else [document]
    if not 1 <= len(documents) <= MOST_EVENTS:
        return _problem(422, "size", "body", f"一批应为1至{MOST_EVENTS}条")
    spend(token=token, events=len(documents))
    answers = take_events(token=token, documents=documents)
    if isinstance(document, list):
        return _batch(answers)
    return _json(answers[0].body, answers[0].status)


@api.get("/lots/{code}", summary="查询标段报送进度")
def lot_progress(request: HttpRequest, code: str) -> HttpResponse:
    """Where one's own reporting of a lot stands, to go on after a lost connection."""
    token: AccessToken = request.auth  # type: ignore[attr-defined]
    spend(token=token, events=1)
    try:
        lot = find_lot(token, code)
    except Refused as refused:
        return _problem(404, refused.code.value, refused.field, refused.message)
    room = Room.objects.filter(lot=lot, system_id=token.system_id).first()
    waiting = room.events.filter(state=EventState.WAITING).count() if room else 0
    deadline = deadline_of_lot(lot.pk)
    return JsonResponse(
        {
            "lot": lot.lot_code,
            "name": lot.name,
            "deadline_at": timezone.localtime(deadline).isoformat() if deadline else None,
            "ceiling_price": f"{lot.ceiling_price:.2f}" if lot.ceiling_price is not None else None,
            "next_sequence": room.next_sequence if room else 1,
            "waiting": waiting,
            "now": timezone.localtime().isoformat(),
        }
    )


def _batch(answers: list[Answer]) -> HttpResponse:
    results = [{"status": answer.status, **answer.body} for answer in answers]
    refused = any(not answer.is_taken for answer in answers)
    return _json({"results": results}, 207 if refused else 200)


def _problem(status: int, code: str, field: str, message: str) -> HttpResponse:
    return _json({"state": "refused", "code": code, "field": field, "message": message}, status)


def _json(content: dict[str, Any], status: int) -> HttpResponse:
    return JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False})


def _no_such_number(text: str) -> Any:
    raise ValueError(text)
