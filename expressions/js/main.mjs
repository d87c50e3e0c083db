// What runs inside V8. Python boots a context for one of two uses, then calls `run` with JSON and
// gets JSON back; nothing else goes across.
//
// A module that is `require`d is run when it is first asked for: the bundler sees to that. It keeps
// the start of a context short.

const USES = {
  expressions() {
    const { run } = require('./batch.mjs');
    const { harden } = require('./primordials.mjs');
    const { sealed } = require('./sealed.mjs');
    Object.defineProperty(globalThis, 'run', { value: run });
    harden(...sealed());
  },
  code() {
    const { prepare, step } = require('./code/run.mjs');
    Object.defineProperty(globalThis, 'run', { value: step });
    prepare();
  },
};

globalThis.boot = (use) => {
  delete globalThis.boot;
  USES[use]();
};
