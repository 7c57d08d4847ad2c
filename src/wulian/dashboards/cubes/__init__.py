"""Cubes and the questions asked of them."""

from wulian.dashboards.cubes.cube import Cube
from wulian.dashboards.cubes.dossiers import DOSSIER_CUBES
from wulian.dashboards.cubes.handling import HANDLING_CUBES

CUBES: dict[str, Cube] = {cube.code: cube for cube in (*DOSSIER_CUBES, *HANDLING_CUBES)}

__all__ = ["CUBES", "Cube"]
