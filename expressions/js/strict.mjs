// Strict mode: where n8n would go on with `undefined`, an error that says what was undefined.
//
// A value that is missing is an error where it is used, and none where the code asks whether it is
// there: `?.`, what stands before `??`, `||`, `&&` and `?`, `!`, `typeof`, `==` and `===`,
// `.isEmpty()`, `$ifEmpty()` and their kin.

import { ExpressionError, note } from './errors.mjs';

const OK = 0; // may be missing
const VALUE = 1; // must not be undefined
const OBJECT = 2; // must not be undefined or null: something is read from it

const ASKING = new Set(['$ifEmpty', '$not', 'not', 'Boolean', 'isNaN', 'isFinite', 'Array.isArray', 'Object.is',
  'Number.isNaN', 'Number.isFinite', 'Number.isInteger', 'DateTime.isDateTime']);
const MAPPING = new Set(['map', 'flatMap']);
const SIFTING = new Set(['filter', 'compact', 'find', 'some', 'every']);
const TESTING = new Set(['==', '!=', '===', '!==', 'instanceof']);
const MARKED = new Set(['MemberExpression', 'CallExpression', 'Identifier']);
const FORMATTING = new Set(['format', 'toFormat']);

const MOMENT = /YYYY|\bDD[-./ ]|[-./ ]DD\b/;
const WORDS = /\[object Object\]|\bundefined\b|\bNaN\b|\bInvalid Date(?:Time)?\b/;

// Which nodes of a piece of code must have a value, and what was seen of them last.
export class Watch {
  constructor(source, extensions, optional) {
    this.source = source;
    this.extensions = extensions;
    this.optional = optional;
    this.sifted = new Set();
    this.notes = [];
    this.marks = new Map();
    this.seen = [];
    this.need = (value, n) => {
      this.seen[n] = value;
      const { wanted } = this.notes[n];
      if (value === undefined || (value === null && wanted === OBJECT)) throw this.missing(value, n);
      return value;
    };
  }

  read(root, shift) {
    this.root = root;
    this.shift = shift;
    this.isPath = isPath(root);
    if (this.optional && this.isPath) return;
    this.walk(root, this.optional ? OK : VALUE);
  }

  text(node) {
    return this.source.slice(node.start - this.shift, node.end - this.shift);
  }

  span(node) {
    return [node.start - this.shift, node.end - this.shift];
  }

  // Whether something is read from the value.
  isRead(n) {
    return this.notes[n].wanted === OBJECT;
  }

  mark(node, wanted) {
    this.marks.set(node, this.notes.length);
    this.notes.push({ node, wanted });
  }

  walk(node, wanted) {
    if (!node) return;
    if (wanted !== OK && MARKED.has(node.type)) this.mark(node, wanted);
    const rule = this[node.type];
    if (rule) rule.call(this, node, wanted);
    else this.children(node);
  }

  children(node) {
    for (const key in node) {
      const child = node[key];
      if (Array.isArray(child)) child.forEach((each) => each?.type && this.walk(each, OK));
      else if (child?.type) this.walk(child, OK);
    }
  }

  all(nodes, wanted) {
    for (const each of nodes) this.walk(each, wanted);
  }

  MemberExpression(node) {
    this.walk(node.object, node.optional ? OK : OBJECT);
    if (node.computed) this.walk(node.property, VALUE);
  }

  // Only what stands before the first `?.` of a chain can be told apart without breaking it off.
  ChainExpression(node) {
    const chain = [];
    for (let at = node.expression; at; at = at.object ?? at.callee) chain.push(at);
    const first = chain.findLastIndex((each) => each.optional);
    for (const each of chain.slice(0, first + 1)) {
      if (each.computed) this.walk(each.property, VALUE);
      for (const given of each.arguments ?? []) this.walk(given, isFunction(given) ? OK : VALUE);
    }
    this.walk(chain[first + 1], OK);
  }

  CallExpression(node, wanted) {
    const { callee, arguments: given } = node;
    const name = callee.type === 'MemberExpression' && !callee.computed ? callee.property.name : undefined;
    if (this.text(callee) === '$if') {
      this.marks.delete(node);
      this.walk(given[0], OK);
      this.all(given.slice(1), wanted);
      return;
    }
    if (this.text(callee) === '$') {
      this.all(given, VALUE);
      return;
    }
    if (SIFTING.has(name)) this.sifted.add(callee.object);
    if (callee.type === 'MemberExpression') {
      // n8n itself has a word for extensions that are called on nothing.
      this.walk(callee.object, this.extensions.has(name) ? OK : OBJECT);
      if (callee.computed) this.walk(callee.property, VALUE);
    } else if (callee.type !== 'Identifier') this.walk(callee, OK);
    for (const each of given) {
      if (MAPPING.has(name) && !this.sifted.has(node)) this.walk(each, VALUE);
      else this.walk(each, ASKING.has(this.text(callee)) || isFunction(each) ? OK : VALUE);
    }
  }

  NewExpression(node) { this.all(node.arguments, VALUE); }

  // What `map` gives is passed on; what others give is theirs to judge.
  ArrowFunctionExpression(node, wanted) {
    this.all(node.params, OK);
    this.walk(node.body, node.body.type === 'BlockStatement' ? OK : wanted);
  }

  ConditionalExpression(node, wanted) {
    this.walk(node.test, OK);
    this.walk(node.consequent, wanted);
    this.walk(node.alternate, wanted);
  }

  LogicalExpression(node, wanted) {
    this.walk(node.left, OK);
    this.walk(node.right, wanted);
  }

  UnaryExpression(node) {
    this.walk(node.argument, /^[-+~]$/.test(node.operator) ? VALUE : OK);
  }

  BinaryExpression(node) {
    const wanted = TESTING.has(node.operator) ? OK : VALUE;
    this.walk(node.left, wanted);
    this.walk(node.right, wanted);
  }

  SequenceExpression(node, wanted) {
    this.all(node.expressions.slice(0, -1), OK);
    this.walk(node.expressions.at(-1), wanted);
  }

  UpdateExpression(node) { this.target(node.argument); }

  AssignmentExpression(node) {
    this.target(node.left);
    this.walk(node.right, OK);
  }

  target(node) {
    if (node.type === 'MemberExpression') this.MemberExpression(node);
  }

  ArrayExpression(node) { this.all(node.elements, VALUE); }
  ObjectExpression(node) { this.all(node.properties, VALUE); }
  SpreadElement(node) { this.walk(node.argument, OK); }
  TemplateLiteral(node) { this.all(node.expressions, VALUE); }

  Property(node, wanted) {
    if (node.shorthand) return;
    if (node.computed) this.walk(node.key, VALUE);
    this.walk(node.value, wanted);
  }

  // -- what was found ----------------------------------------------------------------------------

  missing(value, n) {
    const { node } = this.notes[n];
    const owner = node.type === 'MemberExpression' ? this.seen[this.marks.get(node.object)] : undefined;
    const key = node.computed ? keyOf(this, node.property) : node.property?.name;
    const is = value === null ? 'null' : 'undefined';
    return this.error(`${this.short(this.text(node))} is ${is}`, this.span(node), () => this.factsOf(node, owner, key));
  }

  factsOf(node, owner, key) {
    const facts = { kind: 'missing', what: this.text(node) };
    if (node.type === 'MemberExpression') Object.assign(facts, { object: this.text(node.object), key, ...about(owner, key) });
    if (node.type === 'Identifier') facts.variable = node.name;
    const next = this.find((each) => each.type === 'MemberExpression' && each.object === node);
    if (next) facts.optional = `${facts.what}?.${next.computed ? `[${this.text(next.property)}]` : next.property.name}`;
    return facts;
  }

  // An error that JavaScript threw, and n8n would not have shown.
  thrown(error) {
    const message = String(error?.message ?? error).replace(/\$\$(?:need|extend\w*|link|key)\(\.\.\.\)/g, '...').replace(/\$\$[SV]\./g, '');
    const name = /(?:\.|\(intermediate value\)\.)?([\w$]+) is not a function/.exec(message)?.[1] ?? /\(reading '([^']+)'\)/.exec(message)?.[1];
    const at = this.find((node) => node.type === 'MemberExpression' && !node.computed && node.property.name === name);
    const value = at && this.seen[this.marks.get(at.object)];
    const facts = () => ({ kind: 'thrown', key: name, ...(at && { object: this.text(at.object), ...about(value, name) }) });
    const words = at && /is not a function$/.test(message) ? `${this.short(this.text(at))} is not a function` : message;
    return this.error(words, this.span(at ? at.property : this.root), facts);
  }

  find(test, node = this.root) {
    if (test(node)) return node;
    for (const key in node) {
      for (const child of [node[key]].flat()) {
        const found = child?.type && this.find(test, child);
        if (found) return found;
      }
    }
    return undefined;
  }

  // What a whole piece of code came to; `isText`: it is made part of a text.
  check(value, isText, data) {
    if (this.optional && this.isPath) return;
    if (typeof value === 'number' && Number.isNaN(value)) throw this.odd('NaN');
    if (typeof value === 'string') this.checkString(value, data);
    if (typeof value !== 'object' || value === null) return;
    if (value instanceof Date ? Number.isNaN(value.getTime()) : typeof value.toISO === 'function' && value.isValid === false) {
      throw this.odd('an invalid date', value.invalidExplanation ?? value.invalidReason);
    }
    if (Array.isArray(value) && value.includes(undefined)) {
      throw this.error(`${this.short(this.text(this.root))} is a list with undefined in it`, this.span(this.root), () => ({ kind: 'list' }));
    }
    if (isText && String(value).includes('[object Object]')) {
      const what = this.text(this.root);
      throw this.error(`${this.short(what)} is ${nameOf(value)}, which as text is [object Object]`, this.span(this.root), () => ({ kind: 'object', what, ...about(value) }));
    }
  }

  // Such a word is no harm where it stands in the data, or is written in the expression.
  checkString(value, data) {
    const word = WORDS.exec(value)?.[0];
    if (!word || this.source.includes(word)) return;
    const has = (each) => {
      try {
        return typeof each === 'string' ? each.includes(word) : JSON.stringify(each)?.includes(word);
      } catch {
        return true;
      }
    };
    if (has(data()) || this.seen.some(has)) return;
    const n = word.startsWith('[') ? this.seen.findIndex((each) => typeof each === 'object' && each !== null && String(each).includes(word)) : -1;
    if (n < 0) throw this.error(`The text has "${word}" in it`, this.span(this.root), () => ({ kind: 'word', word }));
    const { node } = this.notes[n];
    const what = this.text(node);
    throw this.error(`${this.short(what)} is ${nameOf(this.seen[n])}, which as text is [object Object]`, this.span(node), () => ({ kind: 'object', what, ...about(this.seen[n]) }));
  }

  odd(message, reason) {
    return this.error(`${this.short(this.text(this.root))} is ${message}`, this.span(this.root), () => ({ kind: 'odd', reason }));
  }

  // Luxon's tokens are not Moment's.
  checkFormats() {
    const call = this.find((node) => node.type === 'CallExpression' && FORMATTING.has(node.callee.property?.name)
      && typeof node.arguments[0]?.value === 'string' && MOMENT.test(node.arguments[0].value.replace(/'[^']*'/g, '')));
    if (!call) return;
    const format = call.arguments[0].value;
    throw this.error(`Luxon does not know the date format "${format}"`, this.span(call.arguments[0]), () => ({ kind: 'format', format }));
  }

  short(text) {
    const line = text.trim().replace(/\s+/g, ' ');
    return line.length > 60 ? `${line.slice(0, 57)}...` : line;
  }

  error(message, at, facts) {
    return note(new ExpressionError(message), { at, facts });
  }
}

const isFunction = (node) => /Function/.test(node.type);

function isPath(node) {
  if (node.type === 'ChainExpression') return isPath(node.expression);
  if (node.type === 'Identifier') return true;
  if (node.type === 'CallExpression') return /^\$$|^(first|last|item)$/.test(node.callee.name ?? node.callee.property?.name) && (node.callee.name === '$' || isPath(node.callee.object));
  return node.type === 'MemberExpression' && (!node.computed || node.property.type === 'Literal') && isPath(node.object);
}

function keyOf(watch, node) {
  if (node.type === 'Literal') return String(node.value);
  const value = watch.seen[watch.marks.get(node)];
  return value === undefined ? watch.text(node) : String(value);
}

export function nameOf(value) {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return `a ${typeof value}`;
}

// What a hint may say of a value in which `key` was looked for.
export function about(value, key) {
  const facts = { is: nameOf(value), preview: preview(value) };
  if (typeof value !== 'object' || value === null) return facts;
  const has = (each) => typeof each === 'object' && each !== null && key !== undefined && Object.hasOwn(each, key);
  if (Array.isArray(value)) return { ...facts, length: value.length, inside: has(value[0]) };
  const keys = Object.keys(value);
  return { ...facts, keys: keys.slice(0, 100), under: keys.filter((each) => has(value[each])).slice(0, 3) };
}

function preview(value) {
  if (value === undefined || value === null) return undefined;
  let text;
  try {
    text = typeof value === 'bigint' ? String(value) : JSON.stringify(value);
  } catch {
    text = undefined;
  }
  text ??= String(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
