// What runs inside V8. Python boots a context for one of two uses, then calls `run` with JSON and
// gets JSON back; nothing else goes across.

import { run } from './batch.mjs';
import { prepare, step } from './code/run.mjs';
import { harden } from './primordials.mjs';
import { DateTime, Duration, Interval } from './scope.mjs';

const USES = {
  expressions() {
    Object.defineProperty(globalThis, 'run', { value: run });
    harden(DateTime, Duration, Interval);
  },
  code() {
    Object.defineProperty(globalThis, 'run', { value: step });
    prepare();
  },
};

globalThis.boot = (use) => {
  delete globalThis.boot;
  USES[use]();
};
