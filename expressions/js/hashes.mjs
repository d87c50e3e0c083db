// What is used of @noble/hashes.

export { hmac } from '@noble/hashes/hmac';
export { md5, sha1 } from '@noble/hashes/legacy';
export { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2';
export { sha3_512 } from '@noble/hashes/sha3';
