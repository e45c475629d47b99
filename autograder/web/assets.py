"""The files that pages of the browser load: styles, the math font, scripts; nothing else is served."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from quizgen.wording.assets import FONT, FONT_RULES, math_font, sheet_css

STYLES = "text/css; charset=utf-8"
SCRIPTS = "text/javascript; charset=utf-8"
OWN = {
    "page.css": STYLES,
    "page.js": SCRIPTS,
    "practice.css": STYLES,
    "practice.js": SCRIPTS,
    "clock.js": SCRIPTS,
    "editor.js": SCRIPTS,
    "fields.js": SCRIPTS,
    "grids.js": SCRIPTS,
    "runs.js": SCRIPTS,
    "saving.js": SCRIPTS,
    "vendor/codemirror.min.js": SCRIPTS,
    "vendor/htmx.min.js": SCRIPTS,
}
EMBEDDED = "data:font/woff2;base64,DATA"


@dataclass(frozen=True, kw_only=True)
class Asset:
    """One file and its media type."""

    data: bytes
    media: str


@cache
def assets() -> dict[str, Asset]:
    """Return every file by its path below the assets' address."""
    folder = files(__package__).joinpath("assets")
    found = {name: Asset(data=folder.joinpath(name).read_bytes(), media=media) for name, media in OWN.items()}
    sheet = f"{FONT_RULES.replace(EMBEDDED, FONT)}\n{sheet_css()}"
    found["sheet.css"] = Asset(data=sheet.encode("utf-8"), media=STYLES)
    found[FONT] = Asset(data=math_font(), media="font/woff2")
    return found


@cache
def stamp() -> str:
    """Return what changes with any of the files: as a part of their address, browsers may keep them for ever."""
    digest = hashlib.sha256()
    for name, asset in sorted(assets().items()):
        digest.update(name.encode("utf-8") + b"\0" + asset.data + b"\0")
    return digest.hexdigest()[:16]
