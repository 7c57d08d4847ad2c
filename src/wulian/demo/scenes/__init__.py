"""What happens in the demonstration city, act by act, through the real services and in the order of time."""

from wulian.demo.scenes.base import Act, Scene
from wulian.demo.scenes.playbill import ACTS, FINALE

__all__ = ["ACTS", "FINALE", "Act", "Scene"]
