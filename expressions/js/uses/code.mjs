// A context for one run of a Code node's code.

import { step } from '../code/run.mjs';
import { limitLengths } from '../lengths.mjs';
import { keepThawed } from '../store.mjs';

keepThawed();
limitLengths();
Object.defineProperty(globalThis, 'run', { value: step });
