// Buffers, whose package wakes with the first one.

import { buffer } from '../sleeping.mjs';

export const bytesOf = (...given) => buffer().Buffer.from(...given);
