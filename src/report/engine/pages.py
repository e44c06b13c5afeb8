"""nbconvert's HTML exporter, with formulas as MathML: a page needs no script to show them."""

import html
import re
from xml.etree import ElementTree

from jinja2 import pass_context
from latex2mathml.converter import convert_to_element
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath, MathInlineParser


class PageExporter(HTMLExporter):
    """Exports as HTMLExporter does, formulas aside."""

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
    """Renders Markdown's formulas as MathML."""

    def block_math(self, body):
        return mathml(body, "block")

    def inline_math(self, body):
        return mathml(body, "inline")

    def latex_environment(self, name, body):
        return mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")


# How many parts these elements have.
ARITY = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}


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
    formula.set("alttext", latex)
    # Not the converter's own text: it leaves what a formula's text holds unescaped.
    return ElementTree.tostring(formula, encoding="unicode")
