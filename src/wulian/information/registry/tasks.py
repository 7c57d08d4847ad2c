"""What the worker does for the registry."""

from django_tasks import task

from wulian.information.registry.choices import ImportState
from wulian.information.registry.models import ImportRun


@task()
def run_import(run_id: int) -> int:
    """Import the stored file of a run; returns how many dossiers were entered or changed. A finished run stays so."""
    from wulian.information.registry.services.imports import import_file, stored_path

    run = ImportRun.objects.select_related("actor").get(pk=run_id)
    if run.state == ImportState.DONE:
        return 0
    run = import_file(path=stored_path(run), run=run)
    return run.created_count + run.updated_count
