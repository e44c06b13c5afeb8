// An extension for JupyterLab and Notebook, in the form in which they load prebuilt ones: Plotly
// sets the colours of texts and lines itself, and knows nothing of the theme that they stand on.
(() => {
  const written = ['infolayer', 'xaxislayer-above', 'yaxislayer-above'];
  const figure = '.jp-RenderedPlotly .main-svg';
  const style = `
    ${written.map((layer) => `${figure} .${layer} text`).join()} {
      fill: var(--jp-ui-font-color1) !important;
    }
    /* What is pale in a heat map on white is dark on black, with its text. */
    ${figure} .heatmaplayer text[style*="rgb(68, 68, 68)"] {
      fill: #111 !important;
    }
    [data-jp-theme-light='false'] ${figure} :is(.heatmaplayer, .cbfills) {
      filter: invert(1) hue-rotate(180deg);
    }
    ${figure} .gridlayer path {
      stroke: var(--jp-border-color2) !important;
    }
    /* What Plotly draws behind the line at the pointer, in white. */
    ${figure} .hoverlayer .spikeline:first-child {
      stroke: none !important;
    }`;
  const extension = {
    id: 'tandem-look:figures',
    autoStart: true,
    activate: () => {
      const element = document.createElement('style');
      element.textContent = style;
      document.head.append(element);
    },
  };
  globalThis._JUPYTERLAB ??= {};
  globalThis._JUPYTERLAB['tandem-look'] = {
    init: async () => {},
    get: async () => () => ({ __esModule: true, default: extension }),
  };
})();
