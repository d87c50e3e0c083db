// Makes the context's built-in objects unchangeable, and what expressions must not reach, absent.

import { ALLOWED } from './names.mjs';

const { freeze, getOwnPropertyDescriptor, getPrototypeOf } = Object;
const { deleteProperty, ownKeys } = Reflect;

// The globals that the runtime itself goes on using.
const OURS = new Set(['run', 'globalThis', 'Date', 'Proxy']);

function removeGlobals() {
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!ALLOWED.has(name) && !OURS.has(name)) deleteProperty(globalThis, name);
  }
  delete Array.fromAsync;
  delete Date.prototype.toTemporalInstant;
  delete Error.captureStackTrace;
}

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
}

// A frozen prototype must not keep objects from having own properties of the same names. Gives
// what is behind the getters then, where `freezeAll` does not see it.
function allowShadowing(prototype) {
  const hidden = [];
  for (const key of Object.getOwnPropertyNames(prototype)) {
    const { value, writable, configurable } = Object.getOwnPropertyDescriptor(prototype, key);
    if (!writable || !configurable) continue;
    hidden.push(value);
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
  return hidden;
}

const frozen = new WeakSet();

// A built-in function holds nothing but its length and its name.
const isBare = (object, keys) => typeof object === 'function' && keys.length === 2 && keys[0] === 'length' && keys[1] === 'name';

// Freezes all that can be reached from there, and gives the first of it.
export function freezeAll(roots) {
  const pending = [...roots];
  while (pending.length) {
    const object = pending.pop();
    if ((typeof object !== 'object' && typeof object !== 'function') || object === null || frozen.has(object)) continue;
    frozen.add(object);
    pending.push(getPrototypeOf(object));
    const keys = ownKeys(object);
    for (const key of isBare(object, keys) ? [] : keys) {
      const { value, get, set } = getOwnPropertyDescriptor(object, key);
      pending.push(value, get, set);
    }
    freeze(object);
  }
  return roots[0];
}

export function harden(...more) {
  closeConstructors();
  const hidden = [
    [][Symbol.iterator](), new Map().entries(), new Set().values(), ''[Symbol.iterator](), 'a'.matchAll(/a/g),
    [].values().take(0), Iterator.from({ next() {} }), (function* () {})(), (async function* () {})(), (async () => {})(),
    async () => {}, Object.getPrototypeOf(Int8Array), Iterator,
  ];
  const shadowed = [Object, Error, TypeError, RangeError].map((kind) => kind.prototype);
  const shadows = [...shadowed, Object.getPrototypeOf(function () {})].flatMap(allowShadowing);
  removeGlobals();
  freezeAll([globalThis, ...hidden, ...shadows, ...more]);
}
