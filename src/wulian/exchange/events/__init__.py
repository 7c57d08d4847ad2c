"""What an e-trading system tells while a lot is opened and evaluated, and what follows from it for the dossier.

``models`` is the shape of one event, ``story`` folds events into the rows of a dossier, ``day`` invents a believable day
and ``player`` sends it over HTTP.
"""

from wulian.exchange.events.models import EVENT, KINDS, Event, event_digest, kind_label
from wulian.exchange.events.rows import StoryRows
from wulian.exchange.events.story import Contradiction, Story

__all__ = [
    "EVENT",
    "KINDS",
    "Contradiction",
    "Event",
    "Story",
    "StoryRows",
    "event_digest",
    "kind_label",
]
