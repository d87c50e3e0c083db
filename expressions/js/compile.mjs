// An expression's chunks (text, or rewritten code in an array) -> a function of the data S.

import { ExpressionError, note, revived } from './errors.mjs';
import { extend, extendIf, link } from './extend.mjs';
import { BLOCKED } from './names.mjs';

const makeFunction = Function;
const THIS = Object.freeze(Object.assign(Object.create(null), {
  process: Object.freeze({}), require: Object.freeze({}), module: Object.freeze({}), Buffer: Object.freeze({}),
}));

// The key that is checked is the key that is used: objects become text once.
function checkKey(key) {
  if (typeof key === 'number' || typeof key === 'symbol') return key;
  const name = String(key);
  if (BLOCKED.has(name)) throw new ExpressionError(`Cannot access "${name}" due to security concerns`);
  return name;
}

function compileCode(code, watch) {
  try {
    const make = makeFunction('$$key', '$$extend', '$$extendIf', '$$link', '$$need', `"use strict";return function($$S,$$V){return (${code}\n)}`);
    return make(checkKey, extend, extendIf, link, watch?.need);
  } catch (error) {
    if (error instanceof SyntaxError) throw new ExpressionError('invalid syntax');
    throw error;
  }
}

// JavaScript's own errors give undefined; n8n's are raised. Data frozen for all items' sake is
// copied, and the expression run again, when it turns out to write to it.
const FROZEN = /read only property|not extensible|Cannot delete property|Cannot redefine property/;

function runCode({ code, watch }, S, V) {
  let value;
  try {
    value = code.call(THIS, S, V);
  } catch (error) {
    if (S.needed) throw S.needed;
    if (error instanceof ExpressionError) throw error;
    if (error instanceof TypeError && FROZEN.test(error.message) && S.thaw < 2) throw S.FROZEN;
    if (watch && !(watch.optional && watch.isPath)) throw watch.thrown(error);
    return undefined;
  }
  if (S.needed) throw S.needed;
  return value;
}

function noFunction(value) {
  if (typeof value === 'function') throw new ExpressionError('this is a function, please add ()');
  return value;
}

function asText(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return '';
  return String(value);
}

// The code of one `{{ }}`; its errors say which of them it is.
class Piece {
  constructor([code, watch], chunk) {
    this.chunk = chunk;
    this.watch = watch;
    try {
      this.code = compileCode(code, watch);
    } catch (error) {
      throw this.placed(error);
    }
  }

  run(S, V, isText) {
    try {
      const value = runCode(this, S, V);
      if (this.watch) this.watch.check(value, isText, () => S.request.input !== null && S.$json);
      return isText ? asText(value) : noFunction(value);
    } catch (error) {
      throw this.placed(error);
    }
  }

  placed(error) {
    return error instanceof ExpressionError ? note(error, { chunk: this.chunk }) : error;
  }
}

let readStrictly;

// Strict contexts (uses/strict.mjs) read code by themselves, to tell more of it.
export function setReader(reader) {
  readStrictly = reader;
}

// `error` is what the compiler found wrong. `strict`: what n8n passes over is an error;
// `{ optional: true }`: but for a path that leads nowhere.
export function compile({ chunks, error }, strict) {
  if (error) throw revived(error);
  const rewritten = strict ? readStrictly(chunks, strict) : chunks;
  const parts = rewritten.map((each, i) => (typeof each === 'string' ? each : new Piece(each, i)));
  if (parts.length === 1 && typeof parts[0] === 'string') return () => parts[0];
  if (parts.length === 1) return (S) => parts[0].run(S, Object.create(null), false);
  return (S) => {
    const V = Object.create(null);
    let text = '';
    for (const part of parts) text += typeof part === 'string' ? part : part.run(S, V, true);
    return text;
  };
}
