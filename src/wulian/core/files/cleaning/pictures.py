"""Pictures: decoded to their pixels and encoded anew, so that nothing but pixels is left."""

from __future__ import annotations

import io
import struct
import zlib
from contextlib import suppress

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from wulian.core.files.cleaning.limits import PIXELS, Rejected

QUALITY = 92
_TRANSPARENT = ("LA", "PA", "RGBA", "RGBa", "La")


def clean_picture(data: bytes, form: str) -> bytes:
    """Return a JPEG or PNG (or another form that Pillow writes) of the same pixels, turned as its camera meant; raises Rejected."""
    Image.MAX_IMAGE_PIXELS = None  # our own limit is asked below, before anything is decoded
    try:
        with Image.open(io.BytesIO(data), formats=[form]) as image:
            if image.width * image.height > PIXELS:
                raise Rejected("pixels")
            image.load()
            ImageOps.exif_transpose(image, in_place=True)
            pixels = _plain(image)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, struct.error, zlib.error, EOFError):
        raise Rejected("broken") from None
    if form == "JPEG" and pixels.mode == "RGBA":
        pixels = pixels.convert("RGB")
    target = io.BytesIO()
    if form == "JPEG":
        pixels.save(target, "JPEG", quality=QUALITY, optimize=False)
    else:
        pixels.save(target, form)
    return target.getvalue()


def _plain(image: Image.Image) -> Image.Image:
    """The pixels in sRGB, in a picture that knows nothing else."""
    profile = image.info.get("icc_profile")
    transparent = image.mode in _TRANSPARENT or "transparency" in image.info
    if profile and image.mode in ("RGB", "CMYK"):
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            found = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(image, found, ImageCms.createProfile("sRGB"), outputMode="RGB")
            image = turned or image
    if transparent:
        mode = "RGBA"
    elif image.mode in ("1", "L"):
        mode = "L"
    elif image.mode.startswith("I"):
        return _from_sixteen_bits(image)
    else:
        mode = "RGB"
    plain = image.convert(mode)
    plain.info.clear()
    return plain


def _from_sixteen_bits(image: Image.Image) -> Image.Image:
    plain = image.convert("I").point(lambda value: value / 256).convert("L")
    plain.info.clear()
    return plain
