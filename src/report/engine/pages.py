"""nbconvert's HTML exporter, with formulas as MathML: a page needs no script to show them."""

import html
import re
from xml.etree import ElementTree

from jinja2 import pass_context
from latex2mathml.converter import convert_to_element
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath, MathInlineParser


class PageExporter(HTMLExporter):
    """Exports as HTMLExporter does, formulas and typography aside."""

    def default_filters(self):
        yield from super().default_filters()
        yield ("typeset", typeset)

    @pass_context
    def markdown2html(self, context, source):
        attachments = context.get("cell", {}).get("attachments", {})
        renderer = FormulaRenderer(escape=False, attachments=attachments)
        return MarkdownWithMath(renderer, inline=FormulaParser(hard_wrap=False)).render(source)


class FormulaParser(MathInlineParser):
    """Tells formulas from money as Pandoc does: no space within the dollars, no digit behind them; and no code."""

    SPECIFICATION = {
        **MathInlineParser.SPECIFICATION,
        "inline_math_tex": r"(?<![$\\])\$(?![\s$])(?P<math_inline_tex>(?:\\[\s\S]|[^\\$`])+?)(?<!\s)\$(?![\d$])",
    }


class FormulaRenderer(IPythonRenderer):
    """Renders Markdown's formulas as MathML, and its text as a typesetter would."""

    def text(self, text):
        return super().text(typeset(text))

    def block_math(self, body):
        return mathml(body, "block")

    def inline_math(self, body):
        return mathml(body, "inline")

    def latex_environment(self, name, body):
        return mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")


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
