// n8n's methods of arrays: https://docs.n8n.io/code/builtin/data-transformation-functions/arrays/

import { compactObject, distinct, fail, includes, isNothing, isObject, nothing } from './shared.mjs';

function numbers(name, list) {
  return list.every((each) => typeof each === 'number') ? list : fail(`${name}(): all array elements must be numbers`);
}

function other(name, [list]) {
  return Array.isArray(list) ? list : fail(`${name}(): expected array arg, e.g. .${name}([1, 2, 3, 4])`);
}

export function sum(list) {
  return numbers('sum', list).reduce((total, each) => total + each, 0);
}

export function average(list) {
  numbers('average', list);
  return list.length ? list.reduce((total, each) => total + each, 0) / list.length : 0;
}

function chunk(list, [size]) {
  if (typeof size !== 'number' || !size || size < 0) fail('chunk(): expected non-zero numeric arg, e.g. .chunk(5)');
  const chunks = [];
  for (let start = 0; start < list.length; start += size) chunks.push(list.slice(start, start + size));
  return chunks;
}

// Fields of all the objects in one; of two lists, the objects at the same place.
function merge(list, given) {
  if (!given.length) return Object.assign({}, ...list.filter((each) => isObject(each) && !Array.isArray(each)).reverse());
  const [others] = given;
  if (!Array.isArray(others)) fail('merge(): expected array arg, e.g. .merge([{ id: 1, otherValue: 3 }])');
  const merged = {};
  list.forEach((each, i) => {
    if (i < others.length && isObject(each) && isObject(others[i])) Object.assign(merged, each, others[i]);
  });
  return merged;
}

function pluck(list, fields) {
  if (!fields.length) return list;
  const found = [];
  for (const each of list) {
    if (!isObject(each)) continue;
    const values = fields.filter((field) => typeof field === 'string' && Object.hasOwn(each, field)).map((field) => each[field]);
    if (values.length) found.push(values.length === 1 ? values[0] : values);
  }
  return found;
}

function unique(list, fields) {
  if (!fields.length) return distinct(list);
  return distinct(list, (each) => fields.map((field) => (isObject(each) ? each[field] : each)));
}

function renameKeys(list, names) {
  if (!names.length || names.length % 2) {
    fail('renameKeys(): expected an even amount of args: from1, to1 [, from2, to2, ...]. e.g. .renameKeys("name", "title")');
  }
  return list.map((each) => {
    if (!isObject(each)) return each;
    const renamed = { ...each };
    for (let i = 0; i < names.length; i += 2) {
      if (!Object.hasOwn(renamed, names[i])) continue;
      const value = renamed[names[i]];
      delete renamed[names[i]];
      renamed[names[i + 1]] = value;
    }
    return renamed;
  });
}

function smartJoin(list, [key, value]) {
  if (typeof key !== 'string' || typeof value !== 'string') {
    fail('smartJoin(): expected two string args, e.g. .smartJoin("name", "value")');
  }
  const joined = {};
  for (const each of list) {
    if (isObject(each) && Object.hasOwn(each, key) && Object.hasOwn(each, value)) joined[each[key]] = each[value];
  }
  return joined;
}

export const array = {
  append: (list, more) => [...list, ...more],
  average,
  chunk,
  compact: (list) => list.filter((each) => !isNothing(each))
    .map((each) => (isObject(each) ? compactObject(each) : each)),
  difference: (list, given) => {
    const others = other('difference', given);
    return distinct(list.filter((each) => !includes(others, each)));
  },
  first: (list) => list[0],
  intersection: (list, given) => {
    const others = other('intersection', given);
    return distinct(list.filter((each) => includes(others, each)));
  },
  isEmpty: (list) => list.length === 0,
  isNotEmpty: (list) => list.length > 0,
  last: (list) => list[list.length - 1],
  max: (list) => Math.max(...numbers('max', list)),
  merge,
  min: (list) => Math.min(...numbers('min', list)),
  pluck,
  randomItem: (list) => list[Math.floor(Math.random() * list.length)],
  removeDuplicates: unique,
  renameKeys,
  reverse: (list) => [...list].reverse(),
  smartJoin,
  sum,
  toBoolean: nothing,
  toDateTime: nothing,
  toFloat: nothing,
  toInt: nothing,
  toJsonString: (list) => JSON.stringify(list),
  union: (list, given) => distinct([...list, ...other('union', given)]),
  unique,
};

