"""What the worker does for the clause findings."""

from django_tasks import task


@task()
def scan_in_background(paper_id: int) -> int:
    """Read and scan a paper that waits; returns how many findings it has."""
    from wulian.information.findings.services import scan_paper

    return scan_paper(paper_id=paper_id)
