// A page that lies in a folder may start classic workers only; plotly.js starts that of its maps as a
// module, though nothing in it but a last export needs to be one.
(() => {
  const { Blob: PlainBlob, Worker: PlainWorker } = window;
  let script;
  window.Blob = class extends PlainBlob {
    constructor(parts = [], options = {}) {
      const [code] = parts;
      const isWorker = /javascript/.test(options.type) && /\bregisterWorkerSource\b/.test(code);
      super(isWorker ? [code.replace(/\bexport\s*\{[^{}]*\};?/, '')] : parts, options);
      if (isWorker) script = URL.createObjectURL(this);
    }
  };
  window.Worker = class extends PlainWorker {
    constructor(url, options) {
      if (script) super(script);
      else super(url, options);
    }
  };
})();
