// Draws a page's Plotly figures in the page's own colours, and again when these or its width change.
(() => {
  /** Narrower than this, panels go below each other. */
  const narrowWidth = 520;

  /** A colour of the page, resolved for the theme that holds. */
  const palette = () => {
    const probe = document.createElement('span');
    document.body.append(probe);
    const colour = (name) => {
      probe.style.color = `var(--${name})`;
      return getComputedStyle(probe).color;
    };
    const names = ['text', 'muted', 'line', 'grid', 'raised', 'accent'];
    const found = Object.fromEntries(names.map((name) => [name, colour(name)]));
    probe.remove();
    return found;
  };

  /** What a figure can't know: whether its page is light or dark. */
  const pageLayout = ({ text, muted, line, grid, raised, accent }) => {
    const axis = { gridcolor: grid, linecolor: line, tickcolor: line, zerolinecolor: line };
    const { fontFamily } = getComputedStyle(document.documentElement);
    return {
      axis,
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

  /** One value over another: objects are merged, anything else replaces. */
  const over = (base, top) => {
    const mergeable = (value) => value && typeof value === 'object' && !Array.isArray(value);
    if (!mergeable(base) || !mergeable(top)) return top === undefined ? base : top;
    const merged = { ...base };
    for (const key of Object.keys(top)) merged[key] = over(base[key], top[key]);
    return merged;
  };

  const axesOf = (layout) => Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key));

  /** The numbers of panels that stand side by side, left to right; none where there is one. */
  const row = (layout) => {
    const numbers = axesOf(layout)
      .filter((key) => key.startsWith('x') && layout[key].domain)
      .map((key) => key.slice(5));
    const starts = new Set(numbers.map((number) => layout[`xaxis${number}`].domain[0]));
    return numbers.length > 1 && starts.size === numbers.length ? numbers : [];
  };

  /** Panels put below each other, as a phone has room for them. */
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

  /** The title stands above the figure as text of the page, which can break its lines. */
  const untitled = (layout) => {
    if (!layout.title) return layout;
    const { title: _, ...rest } = layout;
    const { t = 78, ...margin } = layout.margin ?? {};
    const room = Math.min(38, t - 6);
    return { ...rest, height: (layout.height ?? 420) - room, margin: { ...margin, t: t - room } };
  };

  const layoutOf = (figure, narrow, page) => {
    const { width: _, ...given } = figure.layout ?? {};
    const numbers = row(given);
    const layout = untitled(narrow && numbers.length > 0 ? stacked(given, numbers) : given);
    const axes = Object.fromEntries(
      axesOf({ xaxis: {}, yaxis: {}, ...layout }).map((key) => [key, page.axis]),
    );
    const { l = 56, r = 16 } = layout.margin ?? {};
    const slim = { margin: { l: Math.min(l, 46), r: Math.min(r, 10) } };
    // What is written on images must not grow beyond them.
    if (layout.yaxis?.scaleanchor && layout.annotations) {
      slim.annotations = layout.annotations.map((note) => over(note, { font: { size: 10 } }));
    }
    const defaults = {
      height: 420,
      margin: { t: 28, r: 16, b: 48, l: 56 },
      xaxis: { automargin: true },
      yaxis: { automargin: true },
    };
    return [defaults, layout, narrow ? slim : {}, axes, page.figure].reduce(over);
  };

  /** A trace may bring what it looks like on a dark page. */
  const dataOf = ({ data }) => {
    const dark = document.documentElement.dataset.theme === 'dark';
    return data.map((trace) =>
      dark && trace.meta?.dark ? { ...trace, ...trace.meta.dark } : trace,
    );
  };

  /** Takes away the empty room that a plot of fixed proportions leaves where it is narrow. */
  const tighten = async (canvas) => {
    const plots = canvas.querySelectorAll('.nsewdrag');
    const { height, margin, yaxis } = canvas.layout;
    if (plots.length !== 1 || !yaxis?.scaleanchor) return;
    const empty = height - margin.t - margin.b - plots[0].getBoundingClientRect().height;
    if (empty > 8) await Plotly.relayout(canvas, { height: height - empty });
  };

  /** A plot is one image to those who hear the page; its buttons are for the mouse. */
  const describe = (canvas) => {
    const [picture, ...others] = canvas.querySelectorAll('.main-svg');
    picture.setAttribute('role', 'img');
    picture.setAttribute('aria-label', canvas.dataset.words);
    for (const part of [...others, ...canvas.querySelectorAll('.modebar-container')]) {
      part.setAttribute('aria-hidden', 'true');
    }
    for (const button of canvas.querySelectorAll('.modebar-btn')) button.tabIndex = -1;
  };

  const draw = async (element) => {
    const figure = JSON.parse(element.querySelector('script').textContent);
    const canvas = element.querySelector('.canvas');
    const narrow = element.clientWidth < narrowWidth;
    element.dataset.narrow = narrow;
    const layout = layoutOf(figure, narrow, pageLayout(palette()));
    const silent = { plotlyServerURL: '', showSendToCloud: false };
    const config = { displaylogo: false, ...figure.config, responsive: true, ...silent };
    await Plotly.react(canvas, dataOf(figure), layout, config);
    await tighten(canvas);
    describe(canvas);
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
