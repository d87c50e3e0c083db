// Data that Python sent, by number: lists of items, and anything else as it came.

const kept = new Map();
let freezing = true;

// For a context of one's own, where nobody else sees what is changed.
export function keepThawed() {
  freezing = false;
}

export function freeze(value) {
  if (!freezing) return value;
  Object.freeze(value);
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const each = value[i];
      if (typeof each === 'object' && each !== null) freeze(each);
    }
  } else {
    for (const key in value) {
      const each = value[key];
      if (typeof each === 'object' && each !== null) freeze(each);
    }
  }
  return value;
}

export function thaw(value) {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(thaw);
  const copy = {};
  for (const key of Object.keys(value)) {
    if (key === '__proto__') {
      Object.defineProperty(copy, key, { value: thaw(value[key]), writable: true, enumerable: true, configurable: true });
    } else copy[key] = thaw(value[key]);
  }
  return copy;
}

// A list of items, as Python has it: columns of json, and of binary and pairing where there are any.
class Items {
  constructor({ json, binary, paired }) {
    this.json = json;
    this.binary = binary;
    this.paired = paired;
    this.items = new Array(json.length);
    this.complete = undefined;
  }

  get length() {
    return this.json.length;
  }

  pairing(i) {
    if (this.paired === undefined) return undefined;
    if (this.paired === true) return freeze({ item: i });
    const pair = this.paired[i];
    if (pair === null) return undefined;
    return freeze(typeof pair === 'number' ? { item: pair } : pair);
  }

  at(i) {
    let item = this.items[i];
    if (item === undefined && this.json[i] !== undefined) {
      item = { json: this.json[i] };
      const binary = this.binary?.[i];
      if (binary) item.binary = binary;
      const pairedItem = this.pairing(i);
      if (pairedItem) item.pairedItem = pairedItem;
      if (freezing) Object.freeze(item);
      this.items[i] = item;
    }
    return item;
  }

  all() {
    if (!this.complete) {
      for (let i = 0; i < this.json.length; i++) this.at(i);
      if (!freezing) return this.items.slice();
      this.complete = Object.freeze(this.items.slice());
    }
    return this.complete;
  }
}

export function put(token, value) {
  freeze(value);
  kept.set(token, value && value.json && value.items === true ? new Items(value) : value);
}

export function drop(token) {
  kept.delete(token);
}

export function get(token) {
  return kept.get(token);
}
