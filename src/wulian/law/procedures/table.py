"""The shape of a procedure: what a YAML file of this folder may say, and nothing else."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from wulian.law.periods import Unit

SYSTEM = "system"
"""The role of an event that no person causes; `apply_event(actor=None)` needs it among the roles."""

RoleName = Literal[
    "clerk",
    "case_officer",
    "section_head",
    "authority_head",
    "legal_reviewer",
    "dispatcher",
    "office_head",
    "liaison",
    "system",
]
Confidence = Literal["V", "S", "M", "U", "E"]
Word = Annotated[str, Field(min_length=1)]
EventName = Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Deadline(_Strict):
    """A time limit: `n` of `unit` (0 calendar days = the same day), counted from the entry of state `since`.

    `since` empty means the state the event leaves. `level` limits it to one severity (红 橙 黄 蓝).
    """

    n: int = Field(ge=0)
    unit: Unit
    basis: Word
    confidence: Confidence
    code: str = ""
    since: str = ""
    level: Literal["", "红", "橙", "黄", "蓝"] = ""

    @property
    def is_verified(self) -> bool:
        """Whether the text of the basis was read; otherwise pages show 来源待核 (or 本系统参数 for E)."""
        return self.confidence == "V"


class Pause(_Strict):
    """Why the clock of the whole matter stands still in a state."""

    basis: Word
    confidence: Confidence


class State(_Strict):
    """A state; `procedure` names the other procedure in which the matter goes on from this final state."""

    code: str = ""
    title: Word
    final: bool = False
    actor: str = ""
    pauses: Pause | None = None
    procedure: str = ""


class Transition(_Strict):
    """An event that leads from each of `sources` to `target`; `stays` means that the state does not change.

    `roles` are the roles that may cause it; `spawns` names `procedure:state` of the matter it opens beside this one.
    """

    event: EventName
    title: Word
    sources: tuple[Word, ...] = Field(min_length=1)
    target: str = ""
    stays: bool = False
    roles: tuple[RoleName, ...] = Field(min_length=1)
    deadline: Deadline | None = None
    deadlines: tuple[Deadline, ...] = ()
    documents: tuple[Word, ...] = ()
    note_required: bool = False
    spawns: str = ""
    basis: str = ""
    confidence: Confidence = "V"
    remark: str = ""

    def leads_to(self, state: str) -> str:
        """Return the state that follows when the event happens in `state`."""
        return state if self.stays else self.target

    def deadline_for(self, level: str = "") -> Deadline | None:
        """Return the time limit for a matter of severity `level`, or the general one, or None."""
        for term in self.deadlines:
            if term.level == level:
                return term
        return self.deadline


class Procedure(_Strict):
    """One kind of business from its first state to its last."""

    code: Word
    title: Word
    source: Word
    start: Word
    entries: tuple[Word, ...] = ()
    remark: str = ""
    states: dict[str, State]
    transitions: tuple[Transition, ...]

    def state(self, code: str) -> State:
        """Return a state by code; raises KeyError."""
        return self.states[code]

    def title_of(self, code: str) -> str:
        """Return the Chinese title of a state, or the code itself when the table no longer has it."""
        state = self.states.get(code)
        return state.title if state else code

    def transition(self, event: str, state: str) -> Transition | None:
        """Return what `event` does in `state`, or None when the event is not possible there."""
        return next((t for t in self.transitions if t.event == event and state in t.sources), None)

    def transitions_from(self, state: str) -> list[Transition]:
        """Return what may happen in `state`, in the order of the table."""
        return [t for t in self.transitions if state in t.sources]

    def events(self) -> list[str]:
        """Return every event of the table once, in order."""
        return list(dict.fromkeys(t.event for t in self.transitions))

    def event_title(self, event: str) -> str:
        """Return the Chinese title of an event, or the event itself when the table no longer has it."""
        return next((t.title for t in self.transitions if t.event == event), event)

    def choices(self) -> list[tuple[str, str]]:
        """Return (code, title) of the states, for fields and filters."""
        return [(code, state.title) for code, state in self.states.items()]

    @property
    def final_states(self) -> tuple[str, ...]:
        """Codes of the states in which nothing more is expected."""
        return tuple(code for code, state in self.states.items() if state.final)

    @property
    def open_states(self) -> tuple[str, ...]:
        """Codes of the states in which somebody still has to act."""
        return tuple(code for code, state in self.states.items() if not state.final)
