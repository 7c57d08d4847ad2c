"""Whether a sentence forbids or waives what a pattern found in it: “不得要求本地注册” is no hit."""

from __future__ import annotations

import re

_FORBIDS = re.compile(
    r"不得|不应当?(?!低于|少于)|不能(?!提供|出具)|不可|不准|不允许|不会|严禁|禁止|杜绝|取消|清理|废止|纠正|整治"
    r"|不(?:再|另行|单独)?(?:要求|强制|设|设置|设定|设立|收取|组织|以|将|因|限定|限制|指定|需|需要|必|接受以|采用|作为|安排|实行|提出)"
    r"|无需|无须|毋须|免(?:收|予|于|除)|均?不限"
)
_WAIVES = re.compile(
    r"不作(?:为)?(?:强制|硬性|资格|评审|评分|加分|否决|投标|任何|中标|必须|要求|限制)|不做(?:强制|硬性)?要求|不(?:予|作)限制|不受[^，]{0,8}限制"
    r"|不(?:予|得|应|可)?(?:作为|以此|因此|据此|影响)[^，]{0,12}(?:否决|废标|无效|加分|资格|条件|依据|评审|投标(?!人))|均可(?:参加|参与|投标|提交|使用)"
    r"|(?:要求|规定|限制|做法)(?:一律|全部|已|均|予以)*(?:取消|废止|清理)|无地域限制|(?<![0-9.])0元|予以免除"
)
_NEEDLESS = re.compile(r"无需|无须|毋须|不再(?:要求|需要|设)|不需要|不要求")
_TURNS = re.compile(r"但是?|否则|除外|方可|然而")
_GOES_ON = re.compile(r"^(?:或者?|以及|及|和|也|亦|并|更|、)")
_LIST_FORBIDS = re.compile(
    r"(?:不得|禁止|严禁|不应|负面清单|不允许)[^。；]{0,40}$|负面清单|(?:不得|禁止|严禁)[^。；]{0,30}(?:下列|以下|如下)"
)
_ABSENT = re.compile(
    r"(?:不得|不能|不允许|禁止)(?:是|为|有|系)?(?:未|没有|非|无)|(?:未|没有|非|无|不)[^，]{0,20}(?:不得|禁止)"
)


def is_prohibited(text: str, start: int, end: int, lead: str) -> bool:
    """Say whether the part `text[start:end]` of a sentence is forbidden or waived by what stands around or introduces it."""
    before = _governing(text[:start])
    inside = text[start:end]
    # Two characters more: in "不收取……" the match may begin at "收取".
    found = _FORBIDS.search(before + inside[:2])
    if found and found.start() < len(before) and not _ABSENT.search(before[found.start() :] + inside[:2]):
        return True
    if _LIST_FORBIDS.search(lead):
        return True
    return _WAIVES.search(inside + text[end:]) is not None or _NEEDLESS.search(inside) is not None


def _governing(before: str) -> str:
    """The part of the sentence that still speaks where the match begins: its own segment, and those it goes on from."""
    turns = list(_TURNS.finditer(before))
    if turns:
        before = before[turns[-1].end() :]
    segments = before.split("，")
    position = len(segments) - 1
    while position > 0 and _GOES_ON.match(segments[position]):
        position -= 1
    return "，".join(segments[position:])
