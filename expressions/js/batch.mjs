// One call from Python: expressions x items -> columns of results.

import { compile } from './compile.mjs';
import { describe, encode } from './encode.mjs';
import { ExpressionError, failure, Need } from './errors.mjs';
import { S } from './scope.mjs';
import { drop, put } from './store.mjs';

const SLICE_MS = 1000;
const TOO_LARGE = 'The result of the expression is too large';
const FORGET = /(?:)/; // a match that leaves nothing of the one before in `RegExp.$1` and its like
const compiled = new Map();
const now = Date.now;

class Expression {
  constructor(given, strict) {
    this.level = 0;
    try {
      this.run = compile(given, strict);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      this.run = () => { throw error; };
    }
  }

  evaluate() {
    for (;;) {
      S.melt(this.level);
      FORGET.test('');
      try {
        return this.run(S);
      } catch (error) {
        if (error !== S.FROZEN) throw error;
        this.level++;
      }
    }
  }
}

S.FROZEN = new Error('frozen');
S.evaluate = (given) => compile(given)(S);

// What is done so far, when an item turns out to need more data than there is.
function until(end, { columns, marks, errors }, start) {
  return {
    columns: columns.map((column) => column.slice(0, end - start)),
    marks: marks.map((each) => each.filter(([item]) => item < end)),
    errors: errors.filter(([, item]) => item < end),
    next: end,
  };
}

function evaluate(request) {
  const expressions = request.expressions.map((id) => compiled.get(id));
  const columns = expressions.map(() => []);
  const marks = expressions.map(() => []);
  const errors = [];
  const deadline = now() + SLICE_MS;
  let i = request.start;
  for (; i < request.end; i++) {
    S.at(i);
    for (let q = 0; q < expressions.length; q++) {
      let value = null;
      try {
        const result = expressions[q].evaluate();
        value = request.describe ? describe(result) : encode(result, i, marks[q]);
      } catch (error) {
        if (error instanceof Need) {
          if (i === request.start) throw error;
          S.needed = undefined;
          return until(i, { columns, marks, errors }, request.start);
        }
        errors.push([q, i, failure(error)]);
      }
      columns[q].push(value);
    }
    if (now() > deadline && i + 1 < request.end) {
      i++;
      break;
    }
  }
  return { columns, marks, errors, next: i };
}

// A value that cannot be written (a cycle, a bigint inside, a toJSON that throws) fails alone.
function write(result, limit) {
  let text;
  try {
    text = JSON.stringify(result);
  } catch (failed) {
    if (failed instanceof Need) throw failed;
    result.columns.forEach((column, q) => column.forEach((value, k) => {
      try {
        JSON.stringify(value);
      } catch (error) {
        column[k] = null;
        result.errors.push([q, result.next - column.length + k, failure(error)]);
      }
    }));
    text = JSON.stringify(result);
  }
  return text.length > limit ? JSON.stringify({ fatal: TOO_LARGE }) : text;
}

export function run(text) {
  const request = JSON.parse(text);
  for (const token of request.drop ?? []) drop(token);
  for (const [token, value] of request.put ?? []) put(token, value);
  for (const [id, given, strict] of request.code ?? []) compiled.set(id, new Expression(given, strict));
  S.begin(request);
  try {
    return write(evaluate(request), request.limit);
  } catch (error) {
    if (error instanceof Need) return JSON.stringify({ need: error.key });
    return JSON.stringify({ fatal: failure(error).message });
  }
}
