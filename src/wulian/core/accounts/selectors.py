"""Reads of accounts."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count, Q

from .models import Department, User


@dataclass
class Node:
    """A department with what stands below it and how many active people it has."""

    department: Department
    people: int = 0
    children: list[Node] = field(default_factory=list)


def department_tree(user: User) -> list[Node]:
    """The tree of departments in two queries; closed departments are in it."""
    rows = Department.objects.visible_to(user).annotate(
        people=Count("users", filter=Q(users__is_active=True))
    )
    nodes = {row.pk: Node(row, row.people) for row in rows}  # type: ignore[attr-defined]
    roots: list[Node] = []
    for node in nodes.values():
        parent = nodes.get(node.department.parent_id or 0)
        (parent.children if parent else roots).append(node)
    return roots


def descendants(department: Department) -> list[Department]:
    """The department and everything below it."""
    children: dict[int | None, list[Department]] = {}
    for row in Department.objects.all():
        children.setdefault(row.parent_id, []).append(row)
    found, waiting = [], [department]
    while waiting:
        here = waiting.pop()
        found.append(here)
        waiting += children.get(here.pk, [])
    return found
