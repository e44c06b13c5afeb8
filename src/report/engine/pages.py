"""nbconvert's HTML exporter, with formulas as MathML: a page needs no script to show them."""

import html
import re
from urllib.parse import unquote
from xml.etree import ElementTree

from bs4 import BeautifulSoup
from jinja2 import pass_context
from latex2mathml.converter import convert_to_element
from mistune import HTMLRenderer
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath, MathInlineParser


class PageExporter(HTMLExporter):
    """Exports as HTMLExporter does, formulas and typography aside."""

    def default_filters(self):
        yield from super().default_filters()
        yield ("typeset", typeset)

    @pass_context
    def markdown2html(self, context, source):
        cell = context.get("cell", {})
        notes = context["resources"].setdefault("notes", [])
        renderer = PageRenderer(
            escape=False,
            attachments=cell.get("attachments", {}),
            pictures=context["nb"].metadata.tandem.pictures,
            note=lambda text: notes.append({"cell": cell.metadata.tandem.position, "text": text}),
        )
        return MarkdownWithMath(renderer, inline=FormulaParser(hard_wrap=False)).render(source)


class FormulaParser(MathInlineParser):
    """Tells formulas from money as Pandoc does: no space within the dollars, no digit behind them; and no code."""

    SPECIFICATION = {
        **MathInlineParser.SPECIFICATION,
        "inline_math_tex": r"(?<![$\\])\$(?![\s$])(?P<math_inline_tex>(?:\\[\s\S]|[^\\$`])+?)(?<!\s)\$(?![\d$])",
    }


class PageRenderer(IPythonRenderer):
    """Renders Markdown's formulas as MathML, its pictures as part of the page, and its text as a typesetter would."""

    def __init__(self, *, pictures, note, **options):
        super().__init__(**options)
        self.pictures = pictures
        self.note = note

    def text(self, text):
        return super().text(typeset(text))

    def block_math(self, body):
        return mathml(body, "block")

    def inline_math(self, body):
        return mathml(body, "inline")

    def latex_environment(self, name, body):
        return mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")

    def image(self, text, url, title=None):
        source = self.source_of(url)
        return HTMLRenderer.image(self, text, source, title) if source else self.in_place_of(url, text)

    def block_html(self, html):
        return super().block_html(IMAGE.sub(self.embedded, html))

    def inline_html(self, html):
        return super().inline_html(IMAGE.sub(self.embedded, html))

    def embedded(self, found):
        """An image element of the Markdown's own, with its picture in it."""
        image = BeautifulSoup(found[0], "html.parser").img
        url = image.get("src", "")
        source = self.source_of(url)
        if not source:
            return self.in_place_of(url, image.get("alt", ""))
        image["src"] = source
        return str(image)

    def source_of(self, url):
        """The picture as a data address; None where the notebook doesn't carry it."""
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
        """What the page shows in place of a picture that it doesn't have; the run says so too."""
        address = html.escape(html.unescape(url))
        words = f" ({html.escape(html.unescape(text))})" if text else ""
        if re.match("https?:|//", url):
            self.note(f'the picture "{url}" is on the network; the page shows its address instead')
            return f'<span class="no-picture">Picture on the network: <a href="{address}">{address}</a>{words}</span>'
        self.note(f'the picture "{url}" is missing; the page says so in its place')
        return f'<span class="no-picture">Missing picture: <code>{address}</code>{words}</span>'


IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)

# Vectors before pixels, and whole pixels before guessed ones.
PREFERRED = ("image/svg+xml", "image/png", "image/jpeg")

# How many parts these elements have.
ARITY = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}


def typeset(text: str) -> str:
    """An apostrophe for a typewriter's, and no line that begins with a per cent sign or parts an interval."""
    text = re.sub(r"(?<=\w)'(?=\w)", "\u2019", text)
    return re.sub(r"(?<=\d) (?=%)|(?<=\d,) (?=[\u2212+-]?[\d.]+\])", "\u00a0", text)


def mathml(latex: str, display: str) -> str:
    """A formula as a MathML element; as its own text where it holds a mistake or an unknown command."""
    latex = re.sub(r"\\(?:begin|end)\{equation\*?\}", "", latex).strip()
    try:
        formula = convert_to_element(latex, display=display)
        for part in formula.iter():
            # The converter leaves symbols as character references.
            part.text = html.unescape(part.text or "")
            if re.match(r"\\[a-zA-Z]", part.text):
                raise ValueError(f"unknown command {part.text}")
            if len(part) != ARITY.get(part.tag, len(part)):
                raise ValueError(f"{part.tag} of {len(part)} parts")
    except Exception:  # The converter has a kind of its own for each mistake, and others slip through.
        return f'<code class="formula">{html.escape(latex)}</code>'
    for row in list(formula.iter("mrow")):
        space_names(row)
    formula.set("alttext", latex)
    # Not the converter's own text: it leaves what a formula's text holds unescaped.
    return ElementTree.tostring(formula, encoding="unicode")


def space_names(row: ElementTree.Element) -> None:
    """Parts a function's name from what it is applied to, as TeX does."""
    for at, (name, following) in reversed(list(enumerate(zip(row, row[1:])))):
        if name.tag == "mi" and len(name.text) > 1 and following.tag != "mo":
            row.insert(at + 1, ElementTree.Element("mspace", width="0.17em"))
