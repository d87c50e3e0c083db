// n8n's methods of objects: https://docs.n8n.io/code/builtin/data-transformation-functions/objects/

import { compactObject, fail, nothing } from './shared.mjs';

const encode = (text) => encodeURIComponent(text).replace(/%20/g, '+').replace(/[!'()~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

const fields = (object, keep) => Object.fromEntries(Object.entries(object).filter(keep));

const contains = (value, text) => typeof value === 'string' && value.includes(text);

function removeFieldsContaining(object, [text]) {
  if (typeof text !== 'string' || !text) fail('removeFieldsContaining(): expected non-empty string arg');
  return fields(object, ([, value]) => !contains(value, text));
}

function keepFieldsContaining(object, [text]) {
  if (typeof text !== 'string' || !text) fail('argument of keepFieldsContaining must be a non-empty string');
  return fields(object, ([, value]) => contains(value, text));
}

export const object = {
  compact: compactObject,
  hasField: (value, [name]) => Object.hasOwn(value, String(name)),
  isEmpty: (value) => Object.keys(value).length === 0,
  isNotEmpty: (value) => Object.keys(value).length > 0,
  keepFieldsContaining,
  keys: (value) => Object.keys(value),
  removeField: (value, [name]) => fields(value, ([key]) => key !== String(name)),
  removeFieldsContaining,
  toBoolean: nothing,
  toDateTime: nothing,
  toFloat: nothing,
  toInt: nothing,
  toJsonString: (value) => JSON.stringify(value),
  urlEncode: (value) => Object.entries(value).map((pair) => pair.map((part) => encode(String(part))).join('=')).join('&'),
  values: (value) => Object.values(value),
};
