"""Sentences to build bids from: words in an order that no other bid has."""

from __future__ import annotations

import random

_WORDS = (
    "基坑支护土方开挖钢筋绑扎模板安装浇筑养护防水卷材铺贴管道焊接电缆敷设屋面找坡路基压实堤防泵站闸门渠道护坡"
    "桩基承台盖梁支座伸缩沥青摊铺碾压标线护栏路灯井盖雨水污水检查回填降水监测位移沉降轴线标高复核放样图纸会审"
    "交底技术方案专项论证审批旁站验收抽样送检报告记录影像归档例会协调进度计划节点资源劳务班组机械塔吊吊装索具"
    "脚手临边洞口防护用电消防扬尘喷淋围挡冲洗噪声夜间照明交通疏导绿化移植苗木种植灌溉石材幕墙门窗涂料地坪吊顶"
    "隔墙电梯空调风管水泵阀门仪表调试联动移交培训保修回访应急演练预案物资储备医疗食堂宿舍体检保险工资发放公示"
)
WORDS = [_WORDS[at : at + 2] for at in range(0, len(_WORDS), 2)]
COPIED = (
    "我公司拟在现场设置三级沉淀池，车辆出场前须经冲洗，冲洗水循环使用，不得直接排入市政雨水管网。"
    "夜间施工时照明灯具应背向居民区，超过二十二时的作业须取得许可并张贴公告，安排专人接待来访群众。"
    "大体积构件吊装前应核对吊点位置与重心，六级以上大风停止吊装，信号工与司机使用对讲机一对一指挥。"
)
"""What one bid takes from another in the tests."""


def own_text(seed: int, sentences: int) -> list[str]:
    """Return so many sentences that only this seed gives."""
    chance = random.Random(seed)
    return [
        "".join(chance.choices(WORDS, k=9)) + "，" + "".join(chance.choices(WORDS, k=8)) + "。"
        for _ in range(sentences)
    ]
