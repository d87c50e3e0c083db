// What several of the extensions use.

import { ExtensionError } from '../errors.mjs';

export const fail = (message) => {
  throw new ExtensionError(message);
};

export const nothing = () => undefined;

export const isObject = (value) => typeof value === 'object' && value !== null;

// Deep equality of JSON-like values; the order of keys does not matter.
export function equal(a, b) {
  if (Object.is(a, b)) return true;
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length
    && keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
}

export const includes = (list, value) => list.some((each) => equal(each, value));

// The list without repetitions. Scalars, the common case, need no comparison of each with each.
export function distinct(list, key = (each) => each) {
  const scalars = new Set();
  const objects = [];
  return list.filter((each) => {
    const value = key(each);
    if (!isObject(value)) {
      if (scalars.has(value)) return false;
      scalars.add(value);
    } else {
      if (includes(objects, value)) return false;
      objects.push(value);
    }
    return true;
  });
}

export function isNothing(value) {
  if (isObject(value)) return Object.keys(value).length === 0;
  return value === null || value === undefined || value === '' || value === 'nil';
}

// Without the fields that hold nothing, at any depth.
export function compactObject(object) {
  const compact = {};
  for (const [key, value] of Object.entries(object)) {
    if (isNothing(value)) continue;
    compact[key] = isObject(value) ? compactObject(value) : value;
  }
  return compact;
}
