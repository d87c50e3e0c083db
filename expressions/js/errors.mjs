// What the runtime throws: errors that n8n raises too, and requests for data that Python still has.

export class ExpressionError extends Error {
  constructor(message, { description, hint, type } = {}) {
    super(message);
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
