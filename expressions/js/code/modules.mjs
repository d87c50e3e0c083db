// `require` of Code nodes: nothing unless it is allowed, and of that what can be had without Node.

import { luxon } from '../luxon.mjs';
import { buffer, hashes } from '../sleeping.mjs';
import { bytesOf } from './bytes.mjs';

const DIGESTS = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'];

function digest(name, start) {
  const algorithm = String(name).toLowerCase().replace('-', '');
  if (!DIGESTS.includes(algorithm)) throw new Error('Digest method not supported');
  const running = start(hashes()[algorithm]);
  return {
    update(data, encoding) {
      running.update(typeof data === 'string' ? bytesOf(data, encoding) : data);
      return this;
    },
    digest(encoding) {
      const bytes = bytesOf(running.digest());
      return encoding ? bytes.toString(encoding) : bytes;
    },
  };
}

function randomBytes(size) {
  return bytesOf(Array.from({ length: size }, () => Math.floor(Math.random() * 256)));
}

function randomUUID() {
  const bytes = randomBytes(16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

const crypto = {
  createHash: (name) => digest(name, (algorithm) => algorithm.create()),
  createHmac: (name, key) => digest(name, (algorithm) => hashes().hmac.create(algorithm, bytesOf(key))),
  randomBytes,
  randomUUID,
};

const MODULES = { crypto: () => crypto, buffer, luxon };

export function makeRequire(allowed) {
  return function require(name) {
    const bare = String(name).replace(/^node:/, '');
    if (!allowed.includes('*') && !allowed.includes(bare)) throw new Error(`Module '${name}' is disallowed`);
    if (!Object.hasOwn(MODULES, bare)) throw new Error(`Cannot find module '${name}'`);
    return MODULES[bare]();
  };
}
