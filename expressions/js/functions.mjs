// n8n's functions that stand alone: `$if`, `$ifEmpty`, `$min`, `$jmespath` and kin.

import { ExpressionError, ExtensionError } from './errors.mjs';
import { average } from './extensions/array.mjs';
import { jmespath } from './sleeping.mjs';

function isEmpty(value) {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0 && !value.isLuxonDateTime && !(value instanceof Date);
}

export function $ifEmpty(...given) {
  if (given.length !== 2) {
    throw new ExtensionError('expected two arguments (value, defaultValue) for this function');
  }
  return isEmpty(given[0]) ? given[1] : given[0];
}

export const $not = (value) => !value;
export const $min = (...numbers) => Math.min(...numbers);
export const $max = (...numbers) => Math.max(...numbers);
export const $average = (...numbers) => average(numbers);

export function numberList(start, end) {
  if (typeof start !== 'number' || typeof end !== 'number') return undefined;
  const step = start > end ? -1 : 1;
  return Array.from({ length: Math.abs(start - end) + 1 }, (_, i) => start + i * step);
}

export function zip(keys, values) {
  if (!Array.isArray(keys) || !Array.isArray(values)) throw new ExtensionError('keys and values must be arrays');
  if (keys.length !== values.length) throw new ExtensionError('keys and values not of equal length');
  return Object.fromEntries(keys.map((key, i) => [key, values[i]]));
}

export function $jmespath(data, query) {
  if (typeof data !== 'object' || typeof query !== 'string') {
    throw new ExpressionError('expected two arguments (Object, string) for this function');
  }
  return jmespath().search(data, query);
}
