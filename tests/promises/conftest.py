"""The promises stand on the people and the own state folder of the house's tests."""

from wulian.conftest import department_tree, own_state, user_factory  # noqa: F401
