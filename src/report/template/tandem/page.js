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

  /** How many plots stand side by side, told by where the x axes begin. */
  const columns = (layout) => {
    const starts = Object.entries(layout)
      .filter(([key]) => /^xaxis\d*$/.test(key))
      .map(([, axis]) => axis.domain?.[0] ?? 0);
    return Math.max(1, layout.grid?.columns ?? 1, new Set(starts).size);
  };

  const layoutOf = (figure, narrow) => {
    const { width: _, ...layout } = figure.layout ?? {};
    const own = layout.template ?? {};
    const squeezed = narrow
      ? {
          margin: { l: 44, r: 12 },
          legend: { orientation: 'h', x: 0, y: 0, yref: 'container', yanchor: 'bottom' },
        }
      : {};
    return {
      ...over(layout, squeezed),
      autosize: true,
      template: { ...own, layout: over(own.layout ?? {}, pageLayout(Boolean(layout.title))) },
    };
  };

  const draw = (element) => {
    const figure = JSON.parse(element.querySelector('script').textContent);
    const canvas = element.querySelector('.canvas');
    const layout = figure.layout ?? {};
    canvas.style.height = `${layout.height ?? 420}px`;
    canvas.style.minWidth = columns(layout) > 1 ? `${columns(layout) * 260}px` : '';
    return Plotly.react(canvas, figure.data, layoutOf(figure, canvas.clientWidth < 520), {
      displaylogo: false,
      responsive: true,
      ...figure.config,
    });
  };

  const drawAll = () => document.querySelectorAll('figure.plot').forEach(draw);
  drawAll();
  dark.addEventListener('change', drawAll);
})();
