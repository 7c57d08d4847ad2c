"""Walking through the questions as a browser does, proof of work included."""

from __future__ import annotations

import base64
import json

import altcha

from wulian.casework.intake.tests import factories as make

ANSWERS = {
    "topic": {"topic": "collusion"},
    "objection": {"raised": "yes", "objection_on": "2026-09-20", "objection_replied_on": "2026-09-22"},
    "channel": {"kind": "complaint"},
    "project": {"project_text": "府河南岸道路改造工程"},
    "respondent": {"respondent_name": make.RESPONDENT},
    "facts": {"facts": "开标时三家投标文件由同一台电脑编制，报价呈规律性差异，错误之处完全相同。"},
    "when": {"happened_on": "2026-09-22", "knew_on": "2026-09-24"},
    "request": {"request": "请依法查处串通投标行为，认定中标无效。"},
    "evidence": {"evidence": "开标记录照片三张。"},
    "files": {},
    "relation": {"relation": "bidder"},
    "name_given": {"named": "yes"},
    "who": {"kind": "person", "name": make.NAME, "phone": make.PHONE, "address": make.ADDRESS},
    "mandate": {
        "mandate": "none",
        "agent_matters": "代为投诉",
        "agent_from": "2026-09-01",
        "agent_to": "2027-08-31",
    },
}
AGENT = {"agent_name": "梁成蹊", "agent_phone": "13997803356"}
"""What is answered beside one's own name when an agent complains."""


class Visitor:
    """A browser session that answers whatever it is asked."""

    def __init__(self, client):
        self.client = client
        self.asked = []

    def step(self, key, **answers):
        return self.client.post(f"/portal/report/{key}/", answers)

    def walk(self, **changes):
        """Answer every question from the first to the page of answers; `changes` replaces the answers of a step."""
        given = {**ANSWERS, **changes}
        address = "/portal/report/topic/"
        while not address.endswith("/check/"):
            key = address.rstrip("/").rsplit("/", 1)[1]
            assert self.client.get(address).status_code == 200
            answer = self.step(key, **given[key])
            assert answer.status_code == 302, answer.context["form"].errors
            self.asked.append(key)
            address = answer.headers["Location"]
        return self.client.get(address)

    def prove(self, page):
        """Do the work that the page of answers asks for."""
        challenge = page.context["challenge"]
        solution = altcha.solve_challenge(altcha.Challenge.from_dict(challenge))
        payload = {"challenge": challenge, "solution": solution.to_dict()}
        return base64.b64encode(json.dumps(payload).encode()).decode()

    def send(self, page):
        """Confirm and send; return the answer to the POST."""
        return self.client.post("/portal/report/check/", {"truth": "on", "proof": self.prove(page)})

    def submit(self, **changes):
        """Walk and send; return the slip shown on the receipt page."""
        answer = self.send(self.walk(**changes))
        assert answer.status_code == 302, answer.context["form"].errors
        return self.client.get(answer.headers["Location"]).context["slip"]
