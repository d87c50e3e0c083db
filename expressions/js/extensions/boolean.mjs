// n8n's methods of booleans: https://docs.n8n.io/code/builtin/data-transformation-functions/booleans/

import { nothing } from './shared.mjs';

const toNumber = (value) => (value ? 1 : 0);

export const boolean = {
  isEmpty: (value) => !value,
  isNotEmpty: (value) => value,
  toBoolean: (value) => value,
  toDateTime: nothing,
  toFloat: toNumber,
  toInt: toNumber,
  toNumber,
};
