"""nbconvert's HTML exporter, with self-contained pages."""

import html
import re
from urllib.parse import quote, unquote

from bs4 import BeautifulSoup
from jinja2 import pass_context
from mistune import HTMLRenderer
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath, MathInlineParser


class PageExporter(HTMLExporter):
    """Exports as HTMLExporter does, except for formulas and typography."""

    def default_filters(self):
        yield from super().default_filters()
        yield ("typeset", typeset)
        yield ("pictured", self.pictured)

    @pass_context
    def pictured(self, context, source):
        """A cell's HTML with its pictures embedded."""
        return IMAGE.sub(renderer_in(context).embedded, source)

    @pass_context
    def markdown2html(self, context, source):
        renderer = renderer_in(context)
        for name in renderer.attachments:
            # Markdown addresses have no spaces; Jupyter's picture names do.
            source = source.replace(f"(attachment:{name})", f"(attachment:{quote(name)})")
        source = ROW.sub(lambda row: INLINE.sub(without_bars, row[0]), source)
        return MarkdownWithMath(renderer, inline=FormulaParser(hard_wrap=False)).render(source)


def renderer_in(context):
    cell = context.get("cell", {})
    notes = context["resources"].setdefault("notes", [])
    return PageRenderer(
        escape=False,
        attachments=cell.get("attachments", {}),
        pictures=context["nb"].metadata.tandem.pictures,
        note=lambda text: notes.append({"cell": cell.metadata.tandem.position, "text": text}),
    )


class FormulaParser(MathInlineParser):
    """Distinguishes formulas from money: no digit after the dollars and no space inside them, as in Pandoc; or a space at
    both ends, if the text between has TeX commands. And no code."""

    SPECIFICATION = {
        **MathInlineParser.SPECIFICATION,
        "inline_math_tex": r"(?<![$\\])\$(?:(?P<spaced>[ ])(?=[^$`\n]*(?:[\\^]|[A-Za-z]_))|(?![\s$]))"
        r"(?P<math_inline_tex>(?:\\[\s\S]|[^\\$`])+?)(?(spaced)(?<=[ ])|(?<!\s))\$(?![\d$])",
    }


class PageRenderer(IPythonRenderer):
    """Renders Markdown with marked formulas, embedded pictures and typographic quotes."""

    def __init__(self, *, pictures, note, **options):
        super().__init__(**options)
        self.pictures = pictures
        self.note = note

    def text(self, text):
        return REFERENCE.sub(lambda found: formula(found[0], "inline"), super().text(typeset(text)))

    def block_math(self, body):
        return formula(body, "block")

    def inline_math(self, body):
        return formula(body, "inline")

    def latex_environment(self, name, body):
        return formula(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")

    def image(self, text, url, title=None):
        source = self.source_of(url)
        return HTMLRenderer.image(self, text, source, title) if source else self.in_place_of(url, text)

    def block_html(self, html):
        return super().block_html(IMAGE.sub(self.embedded, html))

    def inline_html(self, html):
        return super().inline_html(IMAGE.sub(self.embedded, html))

    def embedded(self, found):
        """An HTML image element in Markdown, with its picture embedded."""
        image = BeautifulSoup(found[0], "html.parser").img
        url = image.get("src", "")
        source = self.source_of(url)
        if not source:
            return self.in_place_of(url, image.get("alt", ""))
        image["src"] = source
        return str(image)

    def source_of(self, url):
        """The picture as a data URL; None if the notebook doesn't contain it."""
        if url.startswith("data:"):
            return url
        if url.startswith("attachment:"):
            name = unquote(url.removeprefix("attachment:"))
            bundle = self.attachments.get(name)
            if not isinstance(bundle, dict) or not bundle:
                return None
            kind = next((kind for kind in PREFERRED if kind in bundle), next(iter(bundle)))
            return f"data:{kind};base64,{''.join(bundle[kind])}"
        path = re.split("[?#]", html.unescape(url))[0]
        return self.pictures.get(re.sub(r"^(\./)+", "", unquote(path)))

    def in_place_of(self, url, text):
        """The text in place of a missing picture; the run reports it too."""
        address = html.escape(html.unescape(url))
        words = f" ({html.escape(html.unescape(text))})" if text else ""
        if re.match("https?:|//", url):
            self.note(f'the picture "{url}" is on the network; the page shows its address instead')
            return f'<span class="no-picture">Picture on the network: <a href="{address}">{address}</a>{words}</span>'
        self.note(f'the picture "{url}" is missing; the page says so in its place')
        return f'<span class="no-picture">Missing picture: <code>{address}</code>{words}</span>'


# A table row, in which a formula's bars don't separate cells.
ROW = re.compile(r"^\s*\|.*\|\s*$", re.MULTILINE)
INLINE = re.compile(FormulaParser.SPECIFICATION["inline_math_tex"])


def without_bars(formula):
    return formula[0].replace("\\|", "\\Vert{}").replace("|", "\\vert{}")


# A reference to an equation in the text.
REFERENCE = re.compile(r"\\(?:eq)?ref\{[^{}]+\}")

IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)

# Vector formats before bitmaps, lossless before lossy.
PREFERRED = ("image/svg+xml", "image/png", "image/jpeg")

def typeset(text: str) -> str:
    """Typographic apostrophes, and no line break before a per cent sign or inside an interval."""
    text = re.sub(r"(?<=\w)'(?=\w)", "\u2019", text)
    return re.sub(r"(?<=\d) (?=%)|(?<=\d,) (?=[\u2212+-]?[\d.]+\])", "\u00a0", text)


def formula(latex: str, display: str) -> str:
    """A formula as text, marked for src/report/pages/formulas.ts, which converts it to MathML."""
    return f'<code class="formula" data-display="{display}">{html.escape(latex)}</code>'
