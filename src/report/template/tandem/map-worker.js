// A page opened from a folder can start classic workers only; plotly.js starts its map worker as a
// module, though only its last export requires one.
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
