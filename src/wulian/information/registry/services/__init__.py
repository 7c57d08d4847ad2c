"""What may be done to dossiers; see imports, upsert and parties."""

from django.utils.translation import gettext_lazy as _

from wulian.core.audit import verbs

verbs.register("registry.import_queued", _("File uploaded for import"))
verbs.register("registry.imported", _("File imported"))
verbs.register("registry.parties_merged", _("Parties merged"))
verbs.register("registry.merge_undone", _("Merge of parties undone"))
