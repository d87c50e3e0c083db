// What code returns -> items, checked as n8n checks it.

import { ResultError } from './errors.mjs';

const ITEM_KEYS = ['json', 'binary', 'pairedItem', 'error', 'index'];
const NOT_ITEMS = ["Code doesn't return items properly", 'Please return an array of objects, one for each item you would like to output.'];
const RESERVED = 'An output item contains the reserved key <code>json</code>. To get around this, please wrap each item in an object, under a key called <code>json</code>. <a href="https://docs.n8n.io/data/data-structure/#data-structure" target="_blank">Example</a>';

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

function checkObject(item, key, index) {
  if (item[key] === undefined || isObject(item[key])) return;
  throw new ResultError(`A '${key}' property isn't an object`, `In the returned data, every key named '${key}' must point to an object.`, index);
}

function checkKeys(item, index) {
  const unknown = Object.keys(item).find((key) => !ITEM_KEYS.includes(key));
  if (unknown === undefined) return;
  if (item.json !== undefined) throw new ResultError('Invalid output format', RESERVED, index);
  throw new ResultError(`Unknown top-level item key: ${unknown}`, 'Access the properties of an item under `.json`, e.g. `item.json`', index);
}

function wrapped(item) {
  if (item.json !== undefined && item.json !== null) return { ...item };
  if (item.binary !== undefined) return { ...item, json: {} };
  return { json: item };
}

// "Run Once for All Items": a list of items, one, or bare objects.
export function allItems(result) {
  if (result === null) return [];
  const list = Array.isArray(result) ? result : [result];
  if (!list.every(isObject)) throw new ResultError(...NOT_ITEMS);
  if (list.some((item) => ITEM_KEYS.slice(0, 4).some((key) => item[key] !== undefined))) list.forEach(checkKeys);
  return list.map((each, index) => {
    const item = wrapped(each);
    checkObject(item, 'json', index);
    checkObject(item, 'binary', index);
    if (item.error !== undefined && each.json) item.json = {};
    return item;
  });
}

// "Run Once for Each Item": one item, or a bare object; nothing drops the item.
export function oneItem(result, index) {
  if (result === null || result === undefined) return undefined;
  if (typeof result === 'function') return { json: {} };
  if (!isObject(result)) checkObject({ json: result }, 'json', index);
  if (result.json === null) checkObject({ json: 0 }, 'json', index);
  const item = wrapped(result);
  checkObject(item, 'json', index);
  checkObject(item, 'binary', index);
  return { json: item.json, binary: item.binary };
}

export const textOf = (items) => JSON.stringify(items, (_, value) => (typeof value === 'bigint' ? String(value) : value));
