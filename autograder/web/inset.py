"""Pages that are written as files elsewhere, shown here: their own style let in, and a way back."""

from markupsafe import escape


def inset(page: str, nonce: str, back: str, words: str) -> str:
    """Give the style of a self-contained page this answer's nonce, and begin it with a link back."""
    styled = page.replace("<style>", f'<style nonce="{escape(nonce)}">')
    way = f'<p class="way-back"><a href="{escape(back)}">← {escape(words)}</a></p>'
    return styled.replace("<body>", f"<body>\n{way}", 1)
