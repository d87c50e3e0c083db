// Digests of text, taken as UTF-8.

import { md5, sha1 } from '@noble/hashes/legacy';
import { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2';
import { sha3_512 } from '@noble/hashes/sha3';
import { toBase64, utf8 } from './base64.mjs';
import { fail } from './shared.mjs';

const DIGESTS = { md5, sha1, sha224, sha256, sha384, sha512, sha3: sha3_512 };

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export function hash(text, algorithm) {
  const name = String(algorithm ?? 'md5').toLowerCase();
  if (name === 'base64') return toBase64(text);
  if (!Object.hasOwn(DIGESTS, name)) {
    fail(`Unknown algorithm ${algorithm}. Available algorithms are: ${Object.keys(DIGESTS)}, and Base64.`);
  }
  return hex(DIGESTS[name](utf8(text)));
}
