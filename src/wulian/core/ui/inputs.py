"""Inputs of the browser that Django's widgets do not choose by themselves."""

from __future__ import annotations

from typing import Any

from django import forms


class DayInput(forms.DateInput):
    """The date input of the browser."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)
