// Keeps away from methods of strings the texts with which they end the process, or take memory that no
// limit counts.

const LONGEST = 2 ** 26; // characters

function limited(name) {
  const native = String.prototype[name];
  const call = Function.prototype.call.bind(native);
  const method = {
    [name](first, second) {
      'use strict'; // no `this` is none
      const text = typeof this === 'object' && this !== null ? String(this) : this;
      if (typeof text === 'string' && text.length > LONGEST) throw new RangeError('Invalid string length');
      return call(text, first, second);
    },
  }[name];
  Object.defineProperty(method, 'length', { value: native.length });
  Object.defineProperty(String.prototype, name, { value: method });
}

export function limitLengths() {
  limited('split');
  limited('normalize');
}
