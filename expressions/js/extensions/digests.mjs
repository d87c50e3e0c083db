// Digests of text, taken as UTF-8.

import { hashes } from '../sleeping.mjs';
import { toBase64, utf8 } from './base64.mjs';
import { fail } from './shared.mjs';

const DIGESTS = { md5: 'md5', sha1: 'sha1', sha224: 'sha224', sha256: 'sha256', sha384: 'sha384', sha512: 'sha512', sha3: 'sha3_512' };

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export function hash(text, algorithm) {
  const name = String(algorithm ?? 'md5').toLowerCase();
  if (name === 'base64') return toBase64(text);
  if (!Object.hasOwn(DIGESTS, name)) {
    fail(`Unknown algorithm ${algorithm}. Available algorithms are: ${Object.keys(DIGESTS)}, and Base64.`);
  }
  return hex(hashes()[DIGESTS[name]](utf8(text)));
}
