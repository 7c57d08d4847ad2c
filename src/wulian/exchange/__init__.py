"""The outside world's formats. Knows no Django and nothing of the platform."""
