"""Pages that are written as files elsewhere, shown here: their own style let in, and a way back."""

from markupsafe import escape

from autograder.web.assets import stamp
from quizgen.formats.html import style

WAY_BACK = ".way-back { padding: 0.7rem 1.5rem 0; }"


def inset(page: str, nonce: str, back: str, words: str) -> str:
    """Let a self-contained page take its style from our address, its own by the nonce, and begin with a link back.

    The style that it carries holds the math font whole, which this site's policy does not let in, and which browsers
    have kept from the first page on.
    """
    sheet = f'<link rel="icon" href="data:,">\n<link rel="stylesheet" href="/assets/{stamp()}/sheet.css">'
    linked = page.replace(f"<style>{style()}", f"{sheet}\n<style>{WAY_BACK}", 1)
    styled = linked.replace("<style>", f'<style nonce="{escape(nonce)}">')
    way = f'<nav class="way-back" aria-label="{escape(words)}"><a href="{escape(back)}">← {escape(words)}</a></nav>'
    return styled.replace("<body>", f"<body>\n{way}", 1)
