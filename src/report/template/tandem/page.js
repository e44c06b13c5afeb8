// Draws a page's Plotly figures, in the colours of the page, and again when these change.
(() => {
  const dark = matchMedia('(prefers-color-scheme: dark)');

  /** Layout defaults in the page's own colours; what a figure sets itself counts more. */
  const pageLayout = (titled) => {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    const axis = {
      gridcolor: colour('grid'),
      linecolor: colour('line'),
      zerolinecolor: colour('line'),
      tickcolor: colour('line'),
      automargin: true,
    };
    return {
      margin: { t: titled ? 64 : 28, r: 28, b: 48, l: 56 },
      title: { x: 0.02, xanchor: 'left', font: { size: 16 } },
      paper_bgcolor: 'rgba(0,0,0,0)',
      plot_bgcolor: 'rgba(0,0,0,0)',
      font: { color: colour('text'), family: style.fontFamily, size: 13 },
      xaxis: axis,
      yaxis: axis,
      hoverlabel: {
        bgcolor: colour('raised'),
        bordercolor: colour('line'),
        font: { color: colour('text') },
      },
      legend: { bgcolor: 'rgba(0,0,0,0)' },
      modebar: {
        bgcolor: 'rgba(0,0,0,0)',
        color: colour('muted'),
        activecolor: colour('accent'),
      },
    };
  };

  /** One value over another: objects are merged, anything else replaces. */
  const over = (base, top) => {
    const mergeable = (value) => value && typeof value === 'object' && !Array.isArray(value);
    if (!mergeable(base) || !mergeable(top)) return top === undefined ? base : top;
    const merged = { ...base };
    for (const key of Object.keys(top)) merged[key] = over(base[key], top[key]);
    return merged;
  };

  const axisNumbers = (layout) =>
    Object.keys(layout).flatMap((key) => /^xaxis(\d*)$/.exec(key)?.slice(1) ?? []);

  /** The axes of plots that stand side by side, left to right; none where there is one plot. */
  const row = (layout) => {
    const numbers = axisNumbers(layout).filter((number) => layout[`xaxis${number}`].domain);
    const starts = new Set(numbers.map((number) => layout[`xaxis${number}`].domain[0]));
    return numbers.length > 1 && starts.size === numbers.length ? numbers : [];
  };

  /** Plots side by side put below each other, as a phone has room for them. */
  const stacked = (layout) => {
    const numbers = row(layout);
    const share = 1 / numbers.length;
    const axes = numbers.flatMap((number, index) => {
      const bottom = 1 - (index + 1) * share;
      const domain = [bottom + (index === numbers.length - 1 ? 0 : 0.14 * share), bottom + share];
      return [
        [`xaxis${number}`, { ...layout[`xaxis${number}`], domain: [0, 1], anchor: `y${number}` }],
        [
          `yaxis${number}`,
          { ...layout[`yaxis${number}`], domain, anchor: `x${number}`, showticklabels: true },
        ],
      ];
    });
    const height = (layout.height ?? 420) * Math.max(1, 0.8 * numbers.length);
    return { ...layout, ...Object.fromEntries(axes), height };
  };

  const layoutOf = (figure, narrow) => {
    const { width: _, ...given } = figure.layout ?? {};
    const layout = narrow ? stacked(given) : given;
    const own = layout.template ?? {};
    const page = pageLayout(Boolean(layout.title));
    const below = { orientation: 'h', x: 0, y: 0, yref: 'container', yanchor: 'bottom' };
    const { l = 44, r = 12 } = layout.margin ?? {};
    const domain = { constrain: 'domain' };
    return [
      layout,
      narrow ? { margin: { l: Math.min(l, 44), r: Math.min(r, 12) } } : {},
      narrow && layout.yaxis?.scaleanchor ? { xaxis: domain, yaxis: domain } : {},
      narrow || layout.legend?.orientation === 'h' ? { legend: below } : {},
      // A figure can't know whether its page is light or dark: the page's own ink counts.
      { font: { color: page.font.color } },
      { autosize: true, template: { ...own, layout: over(own.layout ?? {}, page) } },
    ].reduce(over);
  };

  /** Takes away the empty room that a plot of fixed proportions leaves where it is narrow. */
  const tighten = (canvas) => {
    const plots = canvas.querySelectorAll('.nsewdrag');
    const { height, margin, yaxis } = canvas.layout;
    if (plots.length !== 1 || !yaxis?.scaleanchor) return;
    const room = height - (margin?.t ?? 28) - (margin?.b ?? 48);
    const empty = room - plots[0].getBoundingClientRect().height;
    if (empty > 8) Plotly.relayout(canvas, { height: height - empty });
  };

  const draw = async (element) => {
    const figure = JSON.parse(element.querySelector('script').textContent);
    const canvas = element.querySelector('.canvas');
    const narrow = element.clientWidth < 520;
    const layout = layoutOf(figure, narrow);
    const data = narrow
      ? figure.data.map((trace) => (trace.texttemplate ? { ...trace, showscale: false } : trace))
      : figure.data;
    await Plotly.react(canvas, data, layout, {
      displaylogo: false,
      responsive: true,
      ...figure.config,
    });
    if (narrow) tighten(canvas);
  };

  const drawAll = () => document.querySelectorAll('figure.plot').forEach(draw);
  drawAll();
  dark.addEventListener('change', drawAll);
})();
