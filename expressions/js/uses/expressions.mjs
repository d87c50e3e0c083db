// A context for the expressions of one execution, hardened against them.

import { run } from '../batch.mjs';
import { limitLengths } from '../lengths.mjs';
import { beforeUse } from '../luxon.mjs';
import { harden } from '../primordials.mjs';
import { sealed, sealFormatters, sealLuxon } from '../sealed.mjs';

Object.defineProperty(globalThis, 'run', { value: run });
limitLengths();
sealFormatters();
harden(...sealed());
beforeUse(sealLuxon);
