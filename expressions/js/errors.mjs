// What the runtime throws: errors that n8n raises too, and requests for data that Python still has.

// What Python is told of errors besides, out of reach of the expressions that catch them: `chunk`
// and `at`, the place in the code; `node`, the name of a node that could not give what was asked;
// `facts`, a function that gives what a hint is made from.
const details = new WeakMap();

export function note(error, more) {
  details.set(error, { ...more, ...details.get(error) });
  return error;
}

export const noted = (error) => details.get(error);

function told(error) {
  const { facts, ...more } = noted(error) ?? {};
  try {
    return facts ? { ...more, facts: facts() } : more;
  } catch {
    return more;
  }
}

export class ExpressionError extends Error {
  constructor(message, { description, hint, type, node } = {}) {
    super(message);
    if (node !== undefined) note(this, { node: String(node) });
    this.name = 'ExpressionError';
    this.description = description;
    this.hint = hint;
    this.type = type;
  }
}

export class ExtensionError extends ExpressionError {
  constructor(message, details) {
    super(message, details);
    this.name = 'ExpressionExtensionError';
  }
}

// Thrown when data is not here yet; `key` tells Python what to send before it asks again.
export class Need extends Error {
  constructor(key) {
    super('data is not here yet');
    this.key = Object.freeze(key);
    Object.freeze(this);
  }
}

const texts = (fields) => Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, value && `${value}`]));

// An error as JSON has it. An expression may have changed it, or made it.
export function failure(error) {
  try {
    if (error instanceof ExpressionError) {
      const { name, message, description, hint, type } = error;
      return { ...texts({ name, message, description, hint, type }), ...told(error) };
    }
    if (error instanceof RangeError) return { name: 'Error', message: 'Maximum call stack size exceeded' };
    return { name: 'Error', message: `Expression evaluation failed: ${error?.message ?? error}` };
  } catch {
    return { name: 'Error', message: 'Expression evaluation failed' };
  }
}

export function revived({ name, message, description, hint, type, facts, ...more }) {
  const error = Object.assign(new ExpressionError(message, { description, hint, type }), { name });
  return note(error, { ...more, facts: facts && (() => facts) });
}
