// Draws a page's Plotly figures in the page's own colours, and again when these or its width change.
(() => {
  /** Narrower than this, panels go below each other. */
  const narrowWidth = 520;

  /** A colour of the page in the current theme. */
  const palette = () => {
    const probe = document.createElement('span');
    document.body.append(probe);
    const colour = (name) => {
      probe.style.color = `var(--${name})`;
      return getComputedStyle(probe).color;
    };
    const names = ['text', 'muted', 'line', 'grid', 'raised', 'sunken', 'accent'];
    const found = Object.fromEntries(names.map((name) => [name, colour(name)]));
    probe.remove();
    return found;
  };

  /** Colours that depend on the page being light or dark. */
  const pageLayout = ({ text, muted, line, grid, raised, sunken, accent }) => {
    const axis = { gridcolor: grid, linecolor: line, tickcolor: line, zerolinecolor: line };
    const clear = 'rgba(0,0,0,0)';
    const wall = { ...axis, color: muted, backgroundcolor: clear };
    const land = { landcolor: sunken, lakecolor: raised, oceancolor: raised, rivercolor: line };
    const { fontFamily } = getComputedStyle(document.documentElement);
    return {
      axis,
      // For figures without x and y axes; a figure may override it.
      subplots: {
        scene: { xaxis: wall, yaxis: wall, zaxis: wall },
        polar: { bgcolor: raised, radialaxis: axis, angularaxis: axis },
        ternary: { bgcolor: raised, aaxis: axis, baxis: axis, caxis: axis },
        smith: { bgcolor: raised, realaxis: axis, imaginaryaxis: axis },
        geo: {
          bgcolor: clear,
          coastlinecolor: line,
          countrycolor: line,
          framecolor: line,
          ...land,
        },
        map: { style: 'white-bg' },
      },
      figure: {
        font: { color: muted, family: fontFamily },
        paper_bgcolor: 'rgba(0,0,0,0)',
        plot_bgcolor: raised,
        hoverlabel: { bgcolor: raised, bordercolor: line, font: { color: text } },
        legend: { bgcolor: 'rgba(0,0,0,0)', font: { color: text } },
        modebar: { bgcolor: 'rgba(0,0,0,0)', color: muted, activecolor: accent },
        autosize: true,
      },
    };
  };

  /** Merges objects deeply; any other value replaces the first. */
  const over = (base, top) => {
    const mergeable = (value) => value && typeof value === 'object' && !Array.isArray(value);
    if (!mergeable(base) || !mergeable(top)) return top === undefined ? base : top;
    const merged = { ...base };
    for (const key of Object.keys(top)) merged[key] = over(base[key], top[key]);
    return merged;
  };

  const axesOf = (layout) => Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key));

  /** The traces that are drawn on an x and a y axis, or add their own. */
  const elsewhere =
    /3d$|^(surface|isosurface|volume|cone|streamtube|pie|sunburst|treemap|icicle|funnelarea|indicator|table|sankey|parcats|parcoords|splom|choropleth.*|.*(geo|map|polar|polargl|ternary|smith))$/;
  const isFlat = ({ type = 'scatter' }) => /^(heat|quiver)/.test(type) || !elsewhere.test(type);

  /** The kinds of subplot without axes x and y, by the traces that are drawn in them. */
  const kinds = {
    scene: /3d$|^(surface|isosurface|volume|cone|streamtube)$/,
    polar: /polar/,
    ternary: /ternary/,
    smith: /smith/,
    geo: /geo$|^choropleth$/,
    map: /(?<!heat)map$/,
  };

  /** The page's settings for the subplots of a figure's traces. */
  const subplotsOf = ({ data }, page) =>
    Object.fromEntries(
      Object.entries(kinds).flatMap(([kind, types]) => {
        const traces = data.filter(({ type = '' }) => types.test(type) && type !== 'treemap');
        const key = kind === 'scene' ? 'scene' : kind === 'geo' ? 'geo' : 'subplot';
        return traces.map((trace) => [trace[key] ?? kind, page.subplots[kind]]);
      }),
    );

  /** The numbers of panels side by side, left to right; empty for a single panel. */
  const row = (layout) => {
    const numbers = axesOf(layout)
      .filter((key) => key.startsWith('x') && layout[key].domain)
      .map((key) => key.slice(5));
    const starts = new Set(numbers.map((number) => layout[`xaxis${number}`].domain[0]));
    return numbers.length > 1 && starts.size === numbers.length ? numbers : [];
  };

  /** Stacks panels vertically, for phones. */
  const stacked = (layout, numbers) => {
    const inner = 260;
    const gap = 88;
    const whole = numbers.length * inner + (numbers.length - 1) * gap;
    const axes = numbers.flatMap((number, index) => {
      const top = 1 - (index * (inner + gap)) / whole;
      const y = { domain: [top - inner / whole, top], anchor: `x${number}`, showticklabels: true };
      return [
        [`xaxis${number}`, { ...layout[`xaxis${number}`], domain: [0, 1], anchor: `y${number}` }],
        [`yaxis${number}`, { title: layout.yaxis?.title, ...layout[`yaxis${number}`], ...y }],
      ];
    });
    const { t = 60, b = 48 } = layout.margin ?? {};
    const legend = { ...layout.legend, y: 1 + 26 / whole };
    return { ...layout, ...Object.fromEntries(axes), legend, height: whole + t + b };
  };

  /** Moves the title above the figure as text, which can wrap. */
  const untitled = (layout) => {
    if (!layout.title) return layout;
    const { title: _, ...rest } = layout;
    const { t = 78, ...margin } = layout.margin ?? {};
    const room = Math.min(38, t - 6);
    return { ...rest, height: (layout.height ?? 420) - room, margin: { ...margin, t: t - room } };
  };

  /** Maps keep a plain background: tiles would be fetched from a network. */
  const offline = (layout) =>
    Object.fromEntries(
      Object.keys(layout)
        .filter((key) => /^map\d*$/.test(key))
        .map((key) => [key, { style: 'white-bg', layers: undefined }]),
    );

  const layoutOf = (figure, narrow, page) => {
    const { width: _, ...given } = figure.layout ?? {};
    const numbers = row(given);
    const layout = untitled(narrow && numbers.length > 0 ? stacked(given, numbers) : given);
    const flat = figure.data.length === 0 || figure.data.some(isFlat);
    const plain = flat ? { xaxis: { automargin: true }, yaxis: { automargin: true } } : {};
    const axes = Object.fromEntries(axesOf({ ...plain, ...layout }).map((key) => [key, page.axis]));
    const { l = 56, r = 16 } = layout.margin ?? {};
    const slim = { margin: { l: Math.min(l, 46), r: Math.min(r, 10) } };
    // A legend beside the plot would leave no room for the plot.
    const { legend = {} } = layout;
    if (legend.orientation === undefined && legend.x === undefined && legend.y === undefined) {
      slim.legend = { orientation: 'h', x: 0, y: 1.02, xanchor: 'left', yanchor: 'bottom' };
    }
    // Text on images must not grow beyond them.
    if (layout.yaxis?.scaleanchor && layout.annotations) {
      slim.annotations = layout.annotations.map((note) => over(note, { font: { size: 10 } }));
    }
    const solid = figure.data.every(({ type = '' }) => kinds.scene.test(type)) && !flat;
    const defaults = {
      height: 420,
      margin: solid ? { t: 0, r: 0, b: 0, l: 0 } : { t: 28, r: 16, b: 48, l: 56 },
      ...plain,
      ...subplotsOf(figure, page),
    };
    return [defaults, layout, narrow ? slim : {}, axes, page.figure, offline(layout)].reduce(over);
  };

  /** A table in the page's colours; with its own background, the text is dark. */
  const tableOf = (trace, { text, raised, sunken }) => {
    const part = (given, ground) => ({
      fill: { color: ground },
      font: { color: given?.fill?.color ? '#1f2328' : text },
    });
    const own = { header: part(trace.header, sunken), cells: part(trace.cells, raised) };
    return over(own, trace);
  };

  /** A trace may have its own style for dark pages. */
  const dataOf = ({ data }, colours) => {
    const dark = document.documentElement.dataset.theme === 'dark';
    return data.map((trace) => {
      if (trace.type === 'table') return tableOf(trace, colours);
      return dark && trace.meta?.dark ? { ...trace, ...trace.meta.dark } : trace;
    });
  };

  /** Removes the empty space around a narrow plot with fixed proportions. */
  const tighten = async (canvas) => {
    const plots = canvas.querySelectorAll('.nsewdrag');
    const { height, margin, yaxis } = canvas.layout;
    if (plots.length !== 1 || !yaxis?.scaleanchor) return;
    const empty = height - margin.t - margin.b - plots[0].getBoundingClientRect().height;
    if (empty > 8) await Plotly.relayout(canvas, { height: height - empty });
  };

  /** A plot is one image for screen readers; its buttons are for the mouse. */
  const describe = (canvas) => {
    const [picture, ...others] = canvas.querySelectorAll('.main-svg');
    picture?.setAttribute('role', 'img');
    picture?.setAttribute('aria-label', canvas.dataset.words);
    for (const part of [...others, ...canvas.querySelectorAll('.modebar-container')]) {
      part.setAttribute('aria-hidden', 'true');
    }
    for (const button of canvas.querySelectorAll('.modebar-btn')) button.tabIndex = -1;
  };

  const plot = async (element) => {
    const figure = JSON.parse(element.querySelector('script').textContent);
    const canvas = element.querySelector('.canvas');
    const narrow = element.clientWidth < narrowWidth;
    element.dataset.narrow = narrow;
    const colours = palette();
    const layout = layoutOf(figure, narrow, pageLayout(colours));
    const silent = { plotlyServerURL: '', showSendToCloud: false };
    const config = { displaylogo: false, ...figure.config, responsive: true, ...silent };
    const fresh = !canvas.firstChild;
    await Plotly.react(canvas, dataOf(figure, colours), layout, config);
    if (fresh && Array.isArray(figure.frames)) await Plotly.addFrames(canvas, figure.frames);
    await tighten(canvas);
    describe(canvas);
  };

  /** Draws a figure; one that can't be drawn says why, and the others still draw. */
  const draw = async (element) => {
    try {
      await plot(element);
    } catch (error) {
      const line = document.createElement('p');
      line.className = 'problem';
      line.textContent = `This figure can’t be drawn: ${error?.message ?? error}`;
      const canvas = element.querySelector('.canvas');
      if (canvas.firstChild && !canvas.querySelector('.problem')) Plotly.purge(canvas);
      canvas.replaceChildren(line);
    }
  };

  const figures = [...document.querySelectorAll('figure.plot')];
  /** One after the other, so that the page can be scrolled meanwhile. */
  const drawAll = async () => {
    for (const element of figures) {
      await draw(element);
      await new Promise((resolve) => setTimeout(resolve));
    }
  };
  void drawAll();
  addEventListener('themechange', drawAll);

  const resized = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const narrow = String(target.clientWidth < narrowWidth);
      if (target.dataset.narrow && target.dataset.narrow !== narrow) void draw(target);
    }
  });
  for (const element of figures) resized.observe(element);

  // Paper is white, and about as wide as this.
  let theme;
  const print = (starts) => {
    const { dataset } = document.documentElement;
    if (starts) theme = dataset.theme;
    dataset.theme = starts ? 'light' : theme;
    for (const element of figures) {
      element.style.width = starts ? '660px' : '';
      void draw(element);
    }
  };
  addEventListener('beforeprint', () => print(true));
  addEventListener('afterprint', () => print(false));
})();
