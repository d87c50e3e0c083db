// Calls of n8n's extension methods: `"a".isEmpty()`, `[1, 2].sum()`, `$now.format("yyyy")`.

import { ExpressionError, ExtensionError, note, noted } from './errors.mjs';
import { array } from './extensions/array.mjs';
import { boolean } from './extensions/boolean.mjs';
import { date } from './extensions/date.mjs';
import { number } from './extensions/number.mjs';
import { object } from './extensions/object.mjs';
import { string } from './extensions/string.mjs';
import { isDateTime } from './luxon.mjs';
import { NodeView } from './nodes.mjs';
import { about } from './strict.mjs';

// In the order in which n8n names the types.
const KINDS = [
  ['Array', array], ['Date', date], ['Number', number], ['Object', object], ['String', string], ['Boolean', boolean],
];

export const EXTENSIONS = new Set(KINDS.flatMap(([, methods]) => Object.keys(methods)));

function methodsOf(value) {
  if (Array.isArray(value)) return array;
  switch (typeof value) {
    case 'string': return string;
    case 'number': return number;
    case 'boolean': return boolean;
    case 'object': return isDateTime(value) || value instanceof Date ? date : object;
  }
  return {};
}

const NULLISH = {
  isEmpty: () => true,
  isNotEmpty: () => false,
};

function onNothing(value, name) {
  if (Object.hasOwn(NULLISH, name)) return NULLISH[name]();
  throw new ExtensionError(`${name} can't be used on ${value === null ? 'null' : 'undefined'} value`, {
    description: `To ignore this error, add a ? to the variable before this function, e.g. my_var?.${name}`,
  });
}

function wrongType(name) {
  const types = KINDS.filter(([, methods]) => Object.hasOwn(methods, name)).map(([type]) => `"${type}"`);
  const list = types.length > 1 ? `types ${types.slice(0, -1).join(', ')}, and ${types.at(-1)}` : `type ${types[0]}`;
  return new ExtensionError(`${name}() is only callable on ${list}`);
}

// `from` and `at` are where, in the code, the value's own code begins, and the name.
export function extend(value, name, given, from, at) {
  try {
    return call(value, name, given);
  } catch (error) {
    if (!(error instanceof ExpressionError) || noted(error)) throw error;
    throw note(error, { at: [at, at + name.length], facts: () => ({ kind: 'extension', name, from, ...about(value) }) });
  }
}

function call(value, name, given) {
  if (value instanceof NodeView) value.check();
  if (value === null || value === undefined) return onNothing(value, name);
  const methods = methodsOf(value);
  if (Object.hasOwn(methods, name)) return methods[name](value, given);
  if (typeof value[name] === 'function') return value[name](...given);
  throw wrongType(name);
}

// `a?.b.isEmpty()`: nothing more is done where `a` is nothing.
export const link = (value, proceed) => (value === null || value === undefined ? undefined : proceed(value));

export function extendIf(value, name, given, from, at) {
  return value === null || value === undefined ? undefined : extend(value, name, given, from, at);
}
