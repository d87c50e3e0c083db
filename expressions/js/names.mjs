// Names with a meaning of their own in n8n's expressions.

const words = (text) => new Set(text.trim().split(/\s+/));

export const BLOCKED = words(`
  constructor __proto__ prototype arguments caller callee mainModule binding _linkedBinding _load
  prepareStackTrace dlopen execve loadEnvFile getBuiltinModule getPrototypeOf setPrototypeOf
  defineProperty defineProperties getOwnPropertyDescriptor getOwnPropertyDescriptors
  __lookupGetter__ __lookupSetter__ __defineGetter__ __defineSetter__
`);

// Globals that answer an empty object.
export const DENIED = words(`
  document globalThis self global Window alert prompt confirm setTimeout setInterval setImmediate
  clearTimeout clearInterval clearImmediate fetch XMLHttpRequest Promise Generator
  GeneratorFunction AsyncFunction AsyncGenerator AsyncGeneratorFunction WebAssembly Reflect Proxy
  escape unescape eval Function process require module Buffer queueMicrotask
`);

export const ALLOWED = words(`
  undefined NaN Infinity Object Array String Number Boolean Math JSON RegExp Map Set WeakMap
  WeakSet Error TypeError SyntaxError EvalError RangeError ReferenceError URIError Symbol BigInt
  Intl ArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array
  Int32Array Uint32Array Float32Array Float64Array BigInt64Array BigUint64Array parseInt
  parseFloat isNaN isFinite encodeURI encodeURIComponent decodeURI decodeURIComponent
`);
