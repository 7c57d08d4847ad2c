"""投标与开标."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wulian.information.registry import choices as c
from wulian.information.registry.models.base import RegistryRow
from wulian.information.registry.models.parties import Party
from wulian.information.registry.models.projects import Lot


class Bid(RegistryRow):
    """投标 (bid) with device and bond fields."""

    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, verbose_name=_("lot"), related_name="bids")
    tenderer = models.ForeignKey(
        Party, on_delete=models.PROTECT, verbose_name=_("tenderer"), related_name="bid_tenderer"
    )
    consortium = models.ManyToManyField(Party, verbose_name=_("consortium"), related_name="+", blank=True)
    status = models.CharField(
        _("status"), max_length=16, choices=c.BidStatus, default=c.BidStatus.RECEIVED, db_index=True
    )
    prequalified = models.BooleanField(_("prequalified"), null=True, blank=True)
    uploaded_at = models.DateTimeField(_("uploaded time"), null=True, blank=True, db_index=True)
    receipt_at = models.DateTimeField(_("receipt time"), null=True, blank=True)
    encrypted = models.BooleanField(_("encrypted"), null=True, blank=True)
    accepted = models.BooleanField(_("accepted"), null=True, blank=True)
    opened_early_at = models.DateTimeField(_("opened early time"), null=True, blank=True)
    decrypted_at = models.DateTimeField(_("decrypted time"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn time"), null=True, blank=True)
    price = models.DecimalField(_("price"), max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="CNY")
    duration_days = models.PositiveIntegerField(_("duration days"), null=True, blank=True)
    quality = models.CharField(_("quality"), max_length=200, blank=True)
    score = models.DecimalField(_("score"), max_digits=18, decimal_places=2, null=True, blank=True)
    rejection_code = models.CharField(_("rejection code"), max_length=200, blank=True)
    rejection_basis = models.CharField(_("rejection basis"), max_length=1000, blank=True)
    manager_name = models.CharField(_("manager name"), max_length=200, blank=True)
    manager_id_hash = models.CharField(_("manager id hash"), max_length=200, blank=True, db_index=True)
    manager_certificate = models.CharField(_("manager certificate"), max_length=200, blank=True)
    contact_name = models.CharField(_("contact name"), max_length=200, blank=True)
    contact_phone = models.CharField(_("contact phone"), max_length=200, blank=True)
    contact_email = models.CharField(_("contact email"), max_length=200, blank=True)
    security_form = models.CharField(_("security form"), max_length=200, blank=True)
    security_amount = models.DecimalField(
        _("security amount"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    security_payer = models.CharField(_("security payer"), max_length=200, blank=True)
    security_account = models.CharField(_("security account"), max_length=200, blank=True, db_index=True)
    security_basic_account = models.BooleanField(_("security basic account"), null=True, blank=True)
    security_paid_at = models.DateTimeField(_("security paid time"), null=True, blank=True)
    security_refunded_at = models.DateTimeField(_("security refunded time"), null=True, blank=True)
    device_mac = models.CharField(_("MAC address"), max_length=200, blank=True, db_index=True)
    device_cpu = models.CharField(_("CPU serial"), max_length=200, blank=True)
    device_disk = models.CharField(_("disk serial"), max_length=200, blank=True)
    device_ip = models.CharField(_("IP address"), max_length=200, blank=True)
    device_lock_no = models.CharField(_("device lock no"), max_length=200, blank=True)
    device_tool_version = models.CharField(_("device tool version"), max_length=200, blank=True)
    device_file_code = models.CharField(_("device file code"), max_length=200, blank=True)

    won: bool
    """Whether this bid was awarded; set by the selectors that know."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "source_key"], name="bid_unique_in_lot"),
        ]
        indexes = [
            # The last columns are what lists filter and sort by: a reader's scope is then counted and sorted on the index alone.
            models.Index(
                fields=["ended_at", "project", "status", "uploaded_at", "price"], name="bid_current"
            ),
            # Of current bids only: PostgreSQL does not sort by an index that begins with a column that is empty.
            models.Index(fields=["price", "id"], condition=models.Q(ended_at=None), name="bid_price"),
        ]


class BidOpening(RegistryRow):
    """开标 (open), one a lot."""

    lot = models.OneToOneField(Lot, on_delete=models.CASCADE, verbose_name=_("lot"), related_name="opening")
    actual_at = models.DateTimeField(_("actual time"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=1000, blank=True)
    bidder_count = models.PositiveIntegerField(_("bidder count"), null=True, blank=True)
    opened_count = models.PositiveIntegerField(_("opened count"), null=True, blank=True)
    record_published_at = models.DateTimeField(_("record published time"), null=True, blank=True)
    reserve_price_announced = models.BooleanField(_("reserve price announced"), null=True, blank=True)
