// Packages that few contexts need: text in the bundle (build.mjs), until they are asked for.

import bufferText from 'asleep:buffer';
import hashesText from 'asleep:./hashes.mjs';
import jmespathText from 'asleep:jmespath';

const makeFunction = Function;

export function sleeping(text, prepare = () => {}) {
  let found;
  return () => {
    if (found === undefined) {
      const woken = makeFunction(text)();
      prepare(woken);
      found = woken;
    }
    return found;
  };
}

export const buffer = /* @__PURE__ */ sleeping(bufferText);
export const hashes = /* @__PURE__ */ sleeping(hashesText);
export const jmespath = /* @__PURE__ */ sleeping(jmespathText);
