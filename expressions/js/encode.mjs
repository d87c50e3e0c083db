// Results -> JSON, with lists beside it of what JSON cannot say.

import { ExpressionError } from './errors.mjs';
import { isA } from './luxon.mjs';

// Puts a value into a column; `marks` notes its index and kind when JSON has no such value.
export function encode(value, index, marks) {
  switch (typeof value) {
    case 'string': case 'boolean': return value;
    case 'number':
      if (Number.isFinite(value)) return value;
      marks.push([index, String(value)]);
      return null;
    case 'undefined':
      marks.push([index, 'undefined']);
      return null;
    case 'bigint':
      marks.push([index, 'bigint']);
      return String(value);
    case 'object': return encodeObject(value, index, marks);
    default:
      throw new ExpressionError('Expression evaluation failed: Unsupported type');
  }
}

function encodeObject(value, index, marks) {
  if (value === null) return null;
  if (value instanceof Date) {
    marks.push([index, 'Date']);
    return Number.isNaN(value.getTime()) ? null : value.toISOString();
  }
  if (isA('DateTime', value)) {
    marks.push([index, 'DateTime']);
    return value.toISO();
  }
  const tag = Object.prototype.toString.call(value);
  if (/(Iterator|Generator|WeakMap|WeakSet|Promise)\]$/.test(tag)) {
    const name = tag.endsWith('Iterator]') ? tag : `#<${tag.slice(8, -1)}>`;
    throw new ExpressionError(`Expression evaluation failed: ${name} could not be cloned.`);
  }
  return value;
}

function typeName(value) {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  if (Array.isArray(value)) return 'array';
  const kind = ['DateTime', 'Duration', 'Interval'].find((each) => isA(each, value));
  if (kind) return kind;
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (tag === 'Error') return value.name;
  return /^(Object|Math|JSON|Intl|ArrayBuffer)$/.test(tag) ? 'object' : tag;
}

// A value and its type, with nested values that JSON cannot say tagged: for `n8nlite eval`.
export function describe(value) {
  encode(value, 0, []);
  return { value: tagged(value, new Set()), type: typeName(value) };
}

function tagged(value, above) {
  if (value === undefined) return { $undefined: true };
  if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) };
  if (Object.is(value, -0)) return { $number: '-0' };
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return { $function: true };
  if (typeof value !== 'object' || value === null) return value;
  if (isA('Interval', value)) return value.toISO();
  if (typeof value.toJSON === 'function') return value.toJSON() ?? null;
  if (above.has(value)) return { $circular: true };
  above.add(value);
  const copy = Array.isArray(value) ? Array.from(value, (each) => tagged(each, above))
    : Object.fromEntries(Object.keys(value).map((key) => [key, tagged(value[key], above)]));
  above.delete(value);
  return copy;
}
