// What runs inside V8. Python calls `run` with JSON and gets JSON back; nothing else goes across.

import { run } from './batch.mjs';
import { harden } from './primordials.mjs';
import { DateTime, Duration, Interval } from './scope.mjs';

Object.defineProperty(globalThis, 'run', { value: run });
harden(DateTime, Duration, Interval);
