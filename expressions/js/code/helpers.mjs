// `this.helpers` of Code nodes.

import { bytesOf } from './bytes.mjs';

const UNSUPPORTED = `httpRequestWithAuthentication requestWithAuthenticationPaginated copyBinaryFile createReadStream getBinaryStream
  getStoragePath getBinaryPath getBinaryMetadata writeContentToFile getSSHClient createDeferredPromise copyInputItems
  returnJsonArray normalizeItems constructExecutionMetaData`.split(/\s+/);

// Bytes travel as base64 in an object of their own.
function packed(value) {
  if (value instanceof Uint8Array) return { $buffer: bytesOf(value).toString('base64') };
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(packed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, packed(each)]));
}

function unpacked(value) {
  if (Array.isArray(value)) return value.map(unpacked);
  if (typeof value !== 'object' || value === null) return value;
  if (typeof value.$buffer === 'string') return bytesOf(value.$buffer, 'base64');
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unpacked(each)]));
}

export function makeHelpers(host) {
  const ask = (name) => async (...given) => unpacked(await host.call(name, ...packed(given)));
  const helpers = {
    httpRequest: ask('httpRequest'),
    request: ask('request'),
    prepareBinaryData: ask('prepareBinaryData'),
    setBinaryDataBuffer: ask('setBinaryDataBuffer'),
    getBinaryDataBuffer: ask('getBinaryDataBuffer'),
    assertBinaryData: ask('assertBinaryData'),
    binaryToBuffer: async (data) => bytesOf(data),
    binaryToString: async (data, encoding) => bytesOf(data).toString(encoding),
  };
  for (const name of UNSUPPORTED) {
    helpers[name] = () => {
      throw Object.assign(new Error(`The function "helpers.${name}" is not supported in the Code Node`), { compiling: true });
    };
  }
  return helpers;
}
