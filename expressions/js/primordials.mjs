// Makes the context's built-in objects unchangeable, and what expressions must not reach, absent.

const GONE = [
  'WebAssembly', 'SharedArrayBuffer', 'Atomics', 'FinalizationRegistry', 'WeakRef', 'eval', 'Function',
];

// `new Function` stays with the runtime; the way through `constructor` ends in an error.
function closeConstructors() {
  const kinds = [function () {}, function* () {}, async function () {}, async function* () {}];
  for (const kind of kinds) {
    Object.defineProperty(Object.getPrototypeOf(kind), 'constructor', {
      value: function Function() {
        throw new TypeError('Code generation is not allowed');
      },
    });
  }
  delete Array.fromAsync;
  delete Error.captureStackTrace;
  for (const name of GONE) delete globalThis[name];
}

// A frozen prototype must not keep objects from having own properties of the same names.
function allowShadowing(prototype) {
  for (const key of Object.getOwnPropertyNames(prototype)) {
    const { value, writable, configurable } = Object.getOwnPropertyDescriptor(prototype, key);
    if (!writable || !configurable) continue;
    Object.defineProperty(prototype, key, {
      get: () => value,
      set(own) {
        if (this === prototype) throw new TypeError(`Cannot assign to read only property '${key}'`);
        Object.defineProperty(this, key, {
          value: own, writable: true, enumerable: true, configurable: true,
        });
      },
      configurable: false,
    });
  }
}

// Freezes all that can be reached from there, and gives the first of it.
export function freezeAll(roots) {
  const seen = new Set();
  const pending = [...roots];
  while (pending.length) {
    const object = pending.pop();
    if ((typeof object !== 'object' && typeof object !== 'function') || object === null) continue;
    if (seen.has(object)) continue;
    seen.add(object);
    pending.push(Object.getPrototypeOf(object));
    for (const key of Reflect.ownKeys(object)) {
      const { value, get, set } = Object.getOwnPropertyDescriptor(object, key);
      pending.push(value, get, set);
    }
  }
  for (const object of seen) Object.freeze(object);
  return roots[0];
}

export function harden(...more) {
  closeConstructors();
  const roots = [globalThis, ...more];
  for (const make of [() => [][Symbol.iterator](), () => new Map().entries(), () => new Set().values(),
    () => ''[Symbol.iterator](), () => 'a'.matchAll(/a/g), () => (function* () {})(),
    () => (async function* () {})(), () => Object.getPrototypeOf(Int8Array), () => (async () => {})]) {
    roots.push(make());
  }
  for (const kind of [Object, Error, TypeError, RangeError]) allowShadowing(kind.prototype);
  allowShadowing(Object.getPrototypeOf(function () {}));
  freezeAll(roots);
}
