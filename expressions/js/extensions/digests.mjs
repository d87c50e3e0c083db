// Digests and base64 of text, taken as UTF-8.

import { md5, sha1 } from '@noble/hashes/legacy';
import { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2';
import { sha3_512 } from '@noble/hashes/sha3';
import { fail } from './shared.mjs';

const DIGESTS = { md5, sha1, sha224, sha256, sha384, sha512, sha3: sha3_512 };
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function utf8(text) {
  const escaped = encodeURIComponent(text.toWellFormed());
  const bytes = [];
  for (let i = 0; i < escaped.length; i++) {
    if (escaped[i] === '%') {
      bytes.push(parseInt(escaped.slice(i + 1, i + 3), 16));
      i += 2;
    } else bytes.push(escaped.charCodeAt(i));
  }
  return Uint8Array.from(bytes);
}

// Bytes that are no UTF-8 are read as Latin-1, all of them.
function textOf(bytes) {
  const escaped = Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  try {
    return decodeURIComponent(escaped);
  } catch {
    return String.fromCharCode(...bytes);
  }
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export function toBase64(text) {
  const bytes = utf8(text);
  let encoded = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const three = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    for (let k = 0; k < 4; k++) {
      encoded += i + k > bytes.length ? '=' : ALPHABET[(three >> (18 - 6 * k)) & 63];
    }
  }
  return encoded;
}

export function fromBase64(text) {
  const bytes = [];
  let bits = 0;
  let count = 0;
  for (const sign of text.replace(/-/g, '+').replace(/_/g, '/')) {
    if (sign === '=') break;
    const value = ALPHABET.indexOf(sign);
    if (value < 0) continue;
    bits = ((bits << 6) | value) & 0xffffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push((bits >> count) & 255);
    }
  }
  return textOf(bytes);
}

export function hash(text, algorithm) {
  const name = String(algorithm ?? 'md5').toLowerCase();
  if (name === 'base64') return toBase64(text);
  if (!Object.hasOwn(DIGESTS, name)) {
    fail(`Unknown algorithm ${algorithm}. Available algorithms are: ${Object.keys(DIGESTS)}, and Base64.`);
  }
  return hex(DIGESTS[name](utf8(text)));
}
