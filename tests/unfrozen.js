// The paths to all objects of the realm that can still be changed, seen with all of JavaScript's powers.
(() => {
  const seen = new Set();
  const loose = [];
  const pending = [[globalThis, 'globalThis'], [[].values(), 'an iterator'], [function* () {}, 'a generator']];
  while (pending.length) {
    const [it, path] = pending.pop();
    if (it === null || (typeof it !== 'object' && typeof it !== 'function') || seen.has(it)) continue;
    seen.add(it);
    if (!Object.isFrozen(it)) loose.push(path);
    pending.push([Object.getPrototypeOf(it), `${path}.[[Prototype]]`]);
    for (const key of [...Object.getOwnPropertyNames(it), ...Object.getOwnPropertySymbols(it)]) {
      const { value, get, set } = Object.getOwnPropertyDescriptor(it, key);
      const inner = `${path}.${String(key)}`;
      pending.push([value, inner], [get, `get ${inner}`], [set, `set ${inner}`]);
      try { if (get) pending.push([get.call(it), inner]) } catch {}
    }
  }
  return JSON.stringify({ many: seen.size > 500, loose });
})()
