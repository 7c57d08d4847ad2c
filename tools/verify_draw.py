#!/usr/bin/env python3
"""核验随机抽取记录：只凭公布的一个 JSON 文件，重新计算抽取结果。

用法：python3 verify_draw.py 抽取记录.json

输出“一致”（退出码 0），或“不一致”和第一处差异（退出码 1）；文件无法读取时退出码为 2。
本文件独立完整，只需 Python 3.8 以上，不需要安装任何软件，也不使用平台的任何代码。

算法 wulian-draw-1（摘要均为 SM3，文本均为 UTF-8，JSON 键排序、无空格）：
1. 名单摘要 = SM3(名单)；承诺值 = SM3(秘密数 ‖ 名单摘要)，在公共种子产生之前公布。
2. 种子 = SM3("wulian-draw-1" ‖ 名单摘要 ‖ 秘密数 ‖ 8字节长度 ‖ 公共种子)。
3. 随机字节 = SM3(种子 ‖ 8字节长度 ‖ 用途 ‖ 8字节计数)，计数从0起，首尾相接；取小于 n 的整数时取能容纳 n-1 的
   最少字节，保留低位，不小于 n 则重取。
4. 前 ceil(名额 × 纯随机比例 / 100) 个名额等概率抽取，其余名额在剩余对象中逐个按权重抽取，均不放回。
5. 按抽出顺序为每个对象抽取检查人员：在无须回避且已分任务最少的人员中等概率抽取，第一人为组长。

本程序不核验公布文件上的数字签名；签名请用公布的公钥另行核验。
"""

import hashlib
import json
import sys
from pathlib import Path

ALGORITHM = "wulian-draw-1"


# SM3（GB/T 32905-2016）：系统自带则用系统的，否则用下面的实现。
def _sm3_pure(data):
    mask = 0xFFFFFFFF

    def rol(x, n):
        n %= 32
        return ((x << n) | (x >> (32 - n))) & mask

    state = [
        0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600,
        0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E,
    ]  # fmt: skip
    padded = data + b"\x80" + b"\0" * ((55 - len(data)) % 64) + (len(data) * 8).to_bytes(8, "big")
    for start in range(0, len(padded), 64):
        block = padded[start : start + 64]
        w = [int.from_bytes(block[i : i + 4], "big") for i in range(0, 64, 4)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ rol(w[j - 3], 15)
            w.append(x ^ rol(x, 15) ^ rol(x, 23) ^ rol(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = state
        for j in range(64):
            t = 0x79CC4519 if j < 16 else 0x7A879D8A
            ss1 = rol((rol(a, 12) + e + rol(t, j)) & mask, 7)
            ss2 = ss1 ^ rol(a, 12)
            ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
            gg = e ^ f ^ g if j < 16 else (e & f) | (~e & mask & g)
            tt1 = (ff + d + ss2 + (w[j] ^ w[j + 4])) & mask
            tt2 = (gg + h + ss1 + w[j]) & mask
            d, c, b, a = c, rol(b, 9), a, tt1
            h, g, f, e = g, rol(f, 19), e, tt2 ^ rol(tt2, 9) ^ rol(tt2, 17)
        state = [x ^ y for x, y in zip(state, (a, b, c, d, e, f, g, h))]  # noqa: B905
    return b"".join(x.to_bytes(4, "big") for x in state)


def _choose_sm3():
    try:
        hashlib.new("sm3", b"")
    except ValueError:
        return _sm3_pure
    return lambda data: hashlib.new("sm3", data).digest()


sm3 = _choose_sm3()


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


class Numbers:
    def __init__(self, seed, purpose):
        name = purpose.encode()
        self.prefix = seed + len(name).to_bytes(8, "big") + name
        self.counter = 0
        self.buffer = b""

    def below(self, limit):
        if limit < 1:
            raise ValueError("名单中没有可抽取的对象或人员，或权重不是正整数")
        bits = (limit - 1).bit_length()
        count = (bits + 7) // 8
        while True:
            while len(self.buffer) < count:
                self.buffer += sm3(self.prefix + self.counter.to_bytes(8, "big"))
                self.counter += 1
            taken, self.buffer = self.buffer[:count], self.buffer[count:]
            number = int.from_bytes(taken, "big") & ((1 << bits) - 1)
            if number < limit:
                return number


def sample(items, count, numbers, weight):
    left, chosen = list(items), []
    for _ in range(count):
        at = numbers.below(sum(weight(item) for item in left))
        for position, item in enumerate(left):
            at -= weight(item)
            if at < 0:
                chosen.append(left.pop(position))
                break
    return chosen


def recompute(pool, digest, secret, public_seed):
    public = public_seed.encode()
    seed = sm3(ALGORITHM.encode() + digest + secret + len(public).to_bytes(8, "big") + public)
    places = pool["places"]
    alike = -(-places * pool["random_share"] // 100)
    first = sample(pool["objects"], alike, Numbers(seed, "random"), lambda item: 1)
    taken = {item["id"] for item in first}
    left = [item for item in pool["objects"] if item["id"] not in taken]
    second = sample(left, places - alike, Numbers(seed, "weighted"), lambda item: item["weight"])
    numbers = Numbers(seed, "inspectors")
    tasks = {person["id"]: 0 for person in pool["inspectors"]}
    result = []
    for how, items in (("random", first), ("weighted", second)):
        for item in items:
            able = [p["id"] for p in pool["inspectors"] if item["id"] not in p["recused"]]
            team = []
            for _ in range(pool["inspectors_per_object"]):
                free = [name for name in able if name not in team]
                fewest = min(tasks[name] for name in free)
                rested = [name for name in free if tasks[name] == fewest]
                team.append(rested[numbers.below(len(rested))])
                tasks[team[-1]] += 1
            result.append({"object": item["id"], "inspectors": team, "how": how})
    return result


def first_difference(record):
    """返回第一处差异的说明；完全一致时返回空串。"""
    pool = record["pool"]
    if record["algorithm"] != ALGORITHM:
        return f"算法应为 {ALGORITHM}，记录为 {record['algorithm']}"
    digest = sm3(canonical(pool))
    if digest.hex() != record["pool_hash"]:
        return f"名单摘要：重新计算为 {digest.hex()}，记录为 {record['pool_hash']}（冻结后的名单被改动）"
    secret = bytes.fromhex(record["secret"])
    promised = sm3(secret + digest).hex()
    if promised != record["commitment"]:
        return f"承诺值：重新计算为 {promised}，记录为 {record['commitment']}（秘密数不是事先承诺的那一个）"
    times = [record[name] for name in ("frozen_at", "seed_published_at", "seeded_at", "drawn_at")]
    if not times[0] < times[1] <= times[2] <= times[3]:
        return f"时间：应依次为名单冻结、公共种子公布、录入、抽取，记录为 {'、'.join(times)}"
    if not 50 <= pool["random_share"] <= 100:
        return f"纯随机比例：应在50至100之间，记录为 {pool['random_share']}"
    if pool["inspectors_per_object"] < 2:
        return "检查人员：每个对象应不少于两人"
    computed, recorded = recompute(pool, digest, secret, record["public_seed"]), record["result"]
    names = {row["id"]: row["name"] for row in pool["objects"] + pool["inspectors"]}
    for place, (ours, theirs) in enumerate(zip(computed, recorded), start=1):  # noqa: B905
        for field, word in (("object", "检查对象"), ("how", "抽取方式"), ("inspectors", "检查人员")):
            if ours[field] != theirs[field]:
                return f"第{place}个名额的{word}：重新计算为 {show(ours[field], names)}，记录为 {show(theirs[field], names)}"
    if len(computed) != len(recorded):
        return f"名额：重新计算为 {len(computed)} 个，记录为 {len(recorded)} 个"
    return ""


def show(value, names):
    values = value if isinstance(value, list) else [value]
    return "、".join(f"{names.get(item, '?')}({item})" for item in values)


def main(arguments):
    if len(arguments) != 1 or arguments[0] in ("-h", "--help"):
        print(__doc__)
        return 2
    try:
        record = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
        difference = first_difference(record)
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        print(f"无法核验：{type(error).__name__}: {error}")
        return 2
    if difference:
        print("不一致")
        print(difference)
        return 1
    pool = record["pool"]
    print("一致")
    print(
        f"检查对象 {len(pool['objects'])} 个，检查人员 {len(pool['inspectors'])} 人，"
        f"抽取 {pool['places']} 个；名单摘要 {record['pool_hash']}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
