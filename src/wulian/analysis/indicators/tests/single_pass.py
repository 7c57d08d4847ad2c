"""The same 11 indicators as one plain program that reads each JSON line once: the peer that tests and benchmark compare with.

It follows Cardinal's Rust source indicator by indicator and shares nothing with the package but the settings.
"""

from __future__ import annotations

import gzip
import math
from collections import defaultdict
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import orjson

NOTHING = {}


def judge_file(path: Path, settings):
    """Judge a plain or gzip file of lines."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
        return judge_lines(lines, settings)


def judge_lines(lines, settings):
    """Judge lines of which no two have the same `ocid`."""
    program = SinglePass(settings)
    for line in lines:
        try:
            release = orjson.loads(line)
        except orjson.JSONDecodeError:
            continue
        if isinstance(release, dict) and isinstance(release.get("ocid"), str):
            program.read(release)
    return program.finish()


class SinglePass:
    def __init__(self, settings):
        self.settings = settings
        self.currency = settings.currency
        self.results = defaultdict(lambda: defaultdict(dict))
        self.ratios = {}
        self.wins = defaultdict(lambda: [0, 0])
        self.disqualified = {
            group: defaultdict(lambda: [0, 0]) for group in ("Buyer", "ProcuringEntity", "Tenderer")
        }
        self.classes = defaultdict(lambda: [0, set()])
        self.meta = {}

    def flag(self, code, group, key, value=1.0):
        self.results[group][key][code] = float(value)

    def read(self, release):
        ocid, tender = release["ocid"], get(release, "tender", dict, NOTHING)
        details = get(tender, "procurementMethodDetails", str)
        if tender.get("status") == "cancelled" or (details is not None and details in self.settings.excluded):
            return
        bids = get(get(release, "bids", dict, NOTHING), "details", list)
        awards = get(release, "awards", list)
        runs, comparable = self.settings.runs, self.comparable(details)
        submitted = [
            bid
            for bid in bids or ()
            if isinstance(bid, dict)
            and isinstance(bid.get("status"), str)
            and bid["status"] not in ("invited", "withdrawn")
        ]
        active = final_awards(awards, bids)
        if runs("R024", "R058") and comparable:
            self.second_lowest(ocid, active, submitted)
        if runs("R003"):
            self.r003(ocid, tender, details)
        if runs("R018"):
            methods = self.settings.option("R018", "procurement_methods")
            count = tender.get("numberOfTenderers")
            if count == 1 and type(count) is int and matches(tender, methods):
                self.flag("R018", "OCID", ocid)
        if runs("R025"):
            self.r025(active, submitted)
        if runs("R028") and comparable:
            self.r028(ocid, submitted)
        if runs("R030"):
            self.r030(ocid, tender, awards, submitted)
        if runs("R035"):
            self.r035(ocid, active, submitted)
        if runs("R036") and comparable:
            self.r036(ocid, awards, submitted)
        if runs("R038"):
            self.r038(release, tender, submitted)
        if runs("R048"):
            self.r048(awards)

    def comparable(self, details):
        if self.settings.compared:
            return details in self.settings.compared
        return details is None or details not in self.settings.not_compared

    def main_currency(self, currency):
        if self.currency is None:
            self.currency = currency
        return currency == self.currency

    def second_lowest(self, ocid, active, submitted):
        supplier = single_winner(active)
        if supplier is None:
            return
        winner = other = other_id = None
        for bid in submitted:
            tenderer, price = lone_tenderer(bid), priced(bid)
            if bid["status"] != "valid" or tenderer is None or price is None:
                continue
            amount, currency = price
            if not self.main_currency(currency):
                continue
            if tenderer == supplier:
                winner = amount if winner is None else min(winner, amount)
            elif other is None or amount < other:
                other, other_id = amount, tenderer
        if winner is not None and other is not None and other >= winner and winner != 0:
            self.ratios[ocid] = ((other - winner) / winner, supplier, other_id)

    def r003(self, ocid, tender, details):
        period = get(tender, "tenderPeriod", dict, NOTHING)
        start, end = moment(period.get("startDate")), moment(period.get("endDate"))
        if start is None or end is None:
            return
        if matches(tender, self.settings.option("R003", "procurement_methods")):
            special = dict(self.settings.option("R003", "procurement_method_details"))
            threshold = special.get(details, self.settings.option("R003", "threshold"))
            if math.trunc(Fraction(*(end - start).as_integer_ratio()) / 86400) < threshold:
                self.flag("R003", "OCID", ocid)

    def r025(self, active, submitted):
        supplier = single_winner(active)
        if supplier is not None:
            for tenderer in {lone_tenderer(bid) for bid in submitted if bid["status"] == "valid"} - {None}:
                self.wins[tenderer][0] += tenderer == supplier
                self.wins[tenderer][1] += 1

    def r028(self, ocid, submitted):
        prices = {}
        for bid in submitted:
            price, ids = priced(bid), set(tenderer_ids(bid))
            if price is None or not ids:
                continue
            other = prices.get(price)
            if other is not None and other != ids:
                self.flag("R028", "OCID", ocid)
                for tenderer in ids | other:
                    self.flag("R028", "Tenderer", tenderer)
            prices[price] = ids

    def r030(self, ocid, tender, awards, submitted):
        end = get(get(tender, "tenderPeriod", dict, NOTHING), "endDate", str)
        if end is None or not submitted:
            return
        suppliers = {
            item for award in awards or () if status_of(award) == "active" for item in supplier_ids(award)
        }
        for bid in submitted:
            date = get(bid, "date", str)
            if bid["status"] == "valid" and date is not None and later(date, end):
                for tenderer in suppliers.intersection(tenderer_ids(bid)):
                    self.flag("R030", "OCID", ocid)
                    self.flag("R030", "Tenderer", tenderer)

    def r035(self, ocid, active, submitted):
        if active is None:
            return
        suppliers = {item for award in active for item in supplier_ids(award)}
        valid = {item for bid in submitted if bid["status"] == "valid" for item in tenderer_ids(bid)}
        others = {item for bid in submitted if bid["status"] == "disqualified" for item in tenderer_ids(bid)}
        count = len(others - valid)
        enough = count >= max(1, self.settings.option("R035", "threshold"))
        if len(valid) == 1 and valid == suppliers and enough:
            self.flag("R035", "OCID", ocid, count)
            self.flag("R035", "Tenderer", valid.pop(), 0)

    def r036(self, ocid, awards, submitted):
        if not any(status_of(award) == "active" for award in awards or ()):
            return
        lowest, disqualified, valid = None, False, False
        for bid in submitted:
            price = priced(bid)
            if price is None or not self.main_currency(price[1]):
                continue
            if lowest is None or price[0] < lowest:
                lowest, disqualified = price[0], bid["status"] == "disqualified"
            valid |= bid["status"] == "valid"
        if valid and disqualified:
            self.flag("R036", "OCID", ocid)

    def r038(self, release, tender, submitted):
        total = 0
        for bid in submitted:
            hit = bid["status"] == "disqualified"
            total += hit
            for tenderer in set(tenderer_ids(bid)):
                self.disqualified["Tenderer"][tenderer][0] += hit
                self.disqualified["Tenderer"][tenderer][1] += 1
        for group, parent, name in (
            ("Buyer", release, "buyer"),
            ("ProcuringEntity", tender, "procuringEntity"),
        ):
            key = get(get(parent, name, dict, NOTHING), "id", str)
            if submitted and key is not None:
                self.disqualified[group][key][0] += total
                self.disqualified[group][key][1] += len(submitted)

    def r048(self, awards):
        seen = set()
        for award in awards or ():
            supplier = single_winner([award]) if status_of(award) == "active" else None
            if supplier is None:
                continue
            for item in get(award, "items", list, ()):
                code = get(get(item, "classification", dict, NOTHING), "id", str)
                if code is not None:
                    found = self.classes[supplier]
                    found[0] += supplier not in seen
                    seen.add(supplier)
                    found[1].add(code[: self.settings.option("R048", "digits")])

    # -- over all processes ----------------------------------------------------------------------------------------

    def finish(self):
        runs, ratios = self.settings.runs, [ratio for ratio, *_people in self.ratios.values()]
        if runs("R024"):
            fence, first = self.lower("R024", ratios)
            for ocid, (ratio, *people) in self.ratios.items() if first > 0 and fence > 0 else ():
                if ratio <= fence:
                    self.flag("R024", "OCID", ocid, ratio)
                    for key in people:
                        self.flag("R024", "Tenderer", key, 0)
        if runs("R025"):
            self.finish_r025()
        if runs("R038"):
            self.finish_r038()
        if runs("R048"):
            minimum = self.settings.option("R048", "minimum_contracting_processes")
            counts = {
                key: float(len(codes)) for key, (count, codes) in self.classes.items() if count >= minimum
            }
            fence = self.upper("R048", list(counts.values()))
            for key, count in counts.items():
                if count >= fence:
                    self.flag("R048", "Tenderer", key, count)
        if runs("R058"):
            fence = self.upper("R058", ratios)
            for ocid, (ratio, winner, _other) in self.ratios.items() if fence > 0 else ():
                if ratio >= fence:
                    self.flag("R058", "OCID", ocid, ratio)
                    self.flag("R058", "Tenderer", winner, 0)
        found = {group: dict(rows) for group, rows in self.results.items() if rows}
        found["Meta"] = {
            code: {name: rounded(value) for name, value in values.items()}
            for code, values in self.meta.items()
        }
        return found

    def finish_r025(self):
        percentile = self.settings.option("R025", "percentile") / 100.0
        enough = quantile([float(count) for _wins, count in self.wins.values()], percentile)
        fence, first = self.lower("R025", [wins / count for wins, count in self.wins.values()])
        self.meta["R025"]["upper_fence"] = enough
        for key, (wins, count) in self.wins.items() if first > 0 and fence > 0 else ():
            if count >= enough and wins / count <= fence:
                self.flag("R025", "Tenderer", key, wins / count)

    def finish_r038(self):
        for group, rows in self.disqualified.items():
            name = "minimum_submitted_bids" if group == "Tenderer" else "minimum_contracting_processes"
            minimum = self.settings.option("R038", name)
            ratios = {key: hits / total for key, (hits, total) in rows.items() if total >= minimum}
            if ratios:
                fence = self.upper("R038", list(ratios.values()), f"{group}_")
                for key, ratio in ratios.items() if fence > 0 else ():
                    if ratio >= fence:
                        self.flag("R038", group, key, ratio)

    def lower(self, code, values):
        meta, threshold = self.meta.setdefault(code, {}), self.settings.option(code, "threshold")
        first = 1.0
        if threshold is None:
            first, third = quantile(values, 0.25), quantile(values, 0.75)
            meta["q1"], meta["q3"] = first, third
            threshold = fused(third - first, -1.5, first)
        meta["lower_fence"] = threshold
        return threshold, first

    def upper(self, code, values, prefix=""):
        meta, threshold = self.meta.setdefault(code, {}), self.settings.option(code, "threshold")
        if threshold is None:
            first, third = quantile(values, 0.25), quantile(values, 0.75)
            meta[f"{prefix}q1"], meta[f"{prefix}q3"] = first, third
            threshold = fused(third - first, 1.5, third)
        meta[f"{prefix}upper_fence"] = float(threshold)
        return float(threshold)


def get(parent, name, kind, missing=None):
    found = parent.get(name) if isinstance(parent, dict) else None
    return found if isinstance(found, kind) else missing


def status_of(award):
    return get(award, "status", str)


def matches(tender, methods):
    return not methods or get(tender, "procurementMethod", str) in methods


def final_awards(awards, bids):
    """Return the active awards when all awards are final and there is a list of bids."""
    if awards is None or bids is None:
        return None
    statuses = [status for award in awards if (status := status_of(award)) is not None]
    if any(status not in ("active", "cancelled", "unsuccessful") for status in statuses):
        return None
    return [award for award in awards if status_of(award) == "active"]


def single_winner(active):
    if active is None or len(active) != 1:
        return None
    suppliers = get(active[0], "suppliers", list, ())
    return get(suppliers[0], "id", str) if len(suppliers) == 1 else None


def supplier_ids(award):
    return [key for item in get(award, "suppliers", list, ()) if (key := get(item, "id", str)) is not None]


def tenderer_ids(bid):
    return [key for item in get(bid, "tenderers", list, ()) if (key := get(item, "id", str)) is not None]


def lone_tenderer(bid):
    tenderers = get(bid, "tenderers", list, ())
    return get(tenderers[0], "id", str) if len(tenderers) == 1 else None


def priced(bid):
    value = get(bid, "value", dict, NOTHING)
    amount, currency = value.get("amount"), value.get("currency")
    if isinstance(amount, bool) or not isinstance(amount, (int, float)) or not isinstance(currency, str):
        return None
    return float(amount), currency


def moment(text):
    if not isinstance(text, str) or len(text) < 20 or text[10] not in "Tt ":
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.timestamp() if found.tzinfo else None


def later(first, last):
    one, two = moment(first), moment(last)
    return first > last if one is None or two is None else one > two


def quantile(values, share):
    if not values:
        return math.nan
    ordered, count = sorted(values), len(values)
    place = (count + 1.0 / 3.0) * share + 1.0 / 3.0
    below = int(place)
    if below <= 0 or share == 0.0:
        return ordered[0]
    if below >= count or share == 1.0:
        return ordered[-1]
    return ordered[below - 1] + (place - below) * (ordered[below] - ordered[below - 1])


def fused(first, second, third):
    if math.isnan(first) or math.isnan(third):
        return math.nan
    return float(Fraction(first) * Fraction(second) + Fraction(third))


def rounded(value):
    return (
        None
        if math.isnan(value)
        else math.copysign(math.floor(abs(value) * 10_000.0 + 0.5), value) / 10_000.0
    )
