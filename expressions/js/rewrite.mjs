// Turns the JavaScript of one `{{ }}` into JavaScript that is safe to run: names are looked up in
// n8n's data ($$S), in the expression's own variables ($$V) or among the allowed globals; keys are
// checked; calls of n8n's extension methods are led to the extensions.

import { parse } from 'acorn';
import { ExpressionError, ExtensionError, note } from './errors.mjs';
import { ALLOWED, BLOCKED, DENIED } from './names.mjs';
import { declared, hoisted, patternNames } from './declarations.mjs';
import { EXTENSIONS } from './extend.mjs';
import { DATA } from './scope.mjs';

const INVALID = 'invalid syntax';
const REFUSED = (key) => `Cannot access "${key}" due to security concerns`;

// `watch`, in strict mode, is told what the code is, and says which values must be there.
export function rewrite(source, watch) {
  return new Rewriter(source, watch).run();
}

// Names that begin so are the rewriter's own.
function onToken({ type, value }) {
  if (type.label === 'name' && value.startsWith('$$')) throw new ExpressionError(INVALID);
}

// The first statement, which must be an expression; a leading brace opens an object, not a block.
function parseExpression(source) {
  const options = { ecmaVersion: 'latest', sourceType: 'script', allowAwaitOutsideFunction: false, onToken };
  const wrapped = source.trimStart().startsWith('{');
  let at;
  for (const wrap of wrapped ? [true, false] : [false]) {
    const text = wrap ? `(${source}\n)` : source;
    let program;
    try {
      program = parse(text, options);
    } catch (error) {
      if (error instanceof ExpressionError) throw error;
      const place = Math.min(error.pos - wrap, source.length);
      at ??= [place, Math.min(place + 1, source.length)];
      continue;
    }
    const [first] = program.body;
    if (first?.type === 'ExpressionStatement') return { text, node: first.expression, shift: Number(wrap) };
    at = first && [first.start - wrap, first.end - wrap];
    break;
  }
  throw note(new ExpressionError(INVALID), { at, facts: () => ({ kind: 'syntax' }) });
}

class Rewriter {
  constructor(source, watch) {
    const { text, node, shift } = parseExpression(source);
    watch?.read(node, shift);
    Object.assign(this, { text, root: node, shift, edits: [], scopes: [], watch });
  }

  run() {
    this.visit(this.root);
    let code = '';
    let at = this.root.start;
    // Parentheses around the whole expression lie outside its node and are not needed.
    for (const [start, end, text] of this.edits.sort((a, b) => a[0] - b[0])) {
      code += this.text.slice(at, start) + text;
      at = end;
    }
    return code + this.text.slice(at, this.root.end);
  }

  edit(start, end, text) {
    this.edits.push([start, end, text]);
  }

  visit(node) {
    if (!node) return;
    if (Array.isArray(node)) {
      for (const each of node) this.visit(each);
      return;
    }
    const mark = this.watched(node);
    if (mark !== undefined) this.edit(node.start, node.start, '$$need(');
    const rule = this[node.type];
    if (rule) rule.call(this, node);
    else this.children(node);
    if (mark !== undefined) this.edit(node.end, node.end, `,${mark})`);
  }

  // A variable of the code's own may hold nothing; one that nobody has set is a mistake.
  watched(node) {
    const mark = this.watch?.marks.get(node);
    const free = mark === undefined || node.type !== 'Identifier' || this.watch.isRead(mark)
      || this.reference(node.name).startsWith('$$V.');
    return free ? mark : undefined;
  }

  children(node) {
    for (const key in node) {
      const child = node[key];
      if (child && typeof child === 'object' && (Array.isArray(child) || child.type)) this.visit(child);
    }
  }

  within(names, work) {
    this.scopes.push(names);
    work();
    this.scopes.pop();
  }

  // -- names -----------------------------------------------------------------------------------

  reference(name) {
    if (name === 'arguments') throw new ExpressionError(REFUSED(name));
    if (this.scopes.some((names) => names.has(name))) return name;
    if (name === '$') throw new ExpressionError('Cannot access "$" without calling it as a function');
    if (BLOCKED.has(name)) throw new ExpressionError(REFUSED(name));
    if (DATA.has(name)) return `$$S.${name}`;
    if (ALLOWED.has(name)) return name;
    if (DENIED.has(name)) return '({})';
    return `$$V.${name}`;
  }

  Identifier(node) {
    const text = this.reference(node.name);
    if (text !== node.name) this.edit(node.start, node.end, text);
  }

  // -- keys ------------------------------------------------------------------------------------

  key(node, computed) {
    if (!computed) {
      const name = node.name ?? String(node.value);
      if (BLOCKED.has(name)) throw new ExpressionError(REFUSED(name));
      return;
    }
    const fixed = node.type === 'Literal' ? String(node.value)
      : node.type === 'TemplateLiteral' && !node.expressions.length ? node.quasis[0].value.cooked : undefined;
    if (fixed !== undefined) {
      if (BLOCKED.has(fixed)) throw new ExpressionError(REFUSED(fixed));
      return;
    }
    this.edit(node.start, node.start, '$$key(');
    this.visit(node);
    this.edit(node.end, node.end, ')');
  }

  MemberExpression(node) {
    if (node.object.type !== 'Super') this.visit(node.object);
    this.openLink(node, node.object.end);
    if (node.property.type !== 'PrivateIdentifier') this.key(node.property, node.computed);
  }

  Property(node) {
    if (node.shorthand) {
      const text = this.reference(node.key.name);
      if (text !== node.key.name) this.edit(node.start, node.end, `${node.key.name}:${text}`);
      return;
    }
    if (node.computed) this.key(node.key, true);
    this.visit(node.value);
  }

  ObjectPattern(node) {
    for (const each of node.properties) {
      if (each.type === 'RestElement') this.visit(each.argument);
      else this.patternProperty(each);
    }
  }

  patternProperty({ key, value, computed }) {
    if (computed) {
      throw new ExpressionError('Computed property names in destructuring are not allowed due to security concerns');
    }
    const name = key.name ?? String(key.value);
    if (BLOCKED.has(name)) throw new ExpressionError(`Cannot destructure "${name}" due to security concerns`);
    // The names a pattern binds are the code's own, except where it assigns to existing ones.
    if (value.type === 'Identifier') this.boundName(value, key);
    else if (value.type === 'AssignmentPattern' && value.left.type === 'Identifier') {
      this.boundName(value.left, key);
      this.visit(value.right);
    } else this.visit(value);
  }

  boundName(node, key) {
    const text = this.reference(node.name);
    if (text === node.name) return;
    const shorthand = key.start === node.start;
    this.edit(node.start, node.end, shorthand ? `${node.name}:${text}` : text);
  }

  // -- calls -----------------------------------------------------------------------------------

  CallExpression(node) {
    const { callee } = node;
    if (callee.type === 'Identifier' && callee.name === '$' && !this.scopes.some((names) => names.has('$'))) {
      this.edit(callee.start, callee.end, '$$S.$');
      this.visit(node.arguments);
      return;
    }
    if (callee.type === 'Identifier' && callee.name === '$if' && this.choice(node)) return;
    if (this.extensionCall(node)) return;
    this.visit(callee);
    this.openLink(node, callee.end);
    this.visit(node.arguments);
  }

  // `$if` evaluates only the value that it gives.
  choice({ start, end, callee, arguments: given }) {
    if (this.scopes.some((names) => names.has('$if')) || given.some((each) => each.type === 'SpreadElement')) return false;
    if (given.length < 2) throw new ExtensionError(INVALID);
    const [condition, yes, no] = given;
    this.edit(start, this.skip(callee.end, '('), '((');
    this.visit(condition);
    this.edit(condition.end, yes.start, ')?(');
    this.visit(yes);
    if (no) {
      this.edit(yes.end, no.start, '):(');
      this.visit(no);
    }
    this.edit((no ?? yes).end, end, no ? '))' : '):false)');
    return true;
  }

  // n8n puts a blank before a `${` whose text has a line break, and ends in a letter or another one.
  TemplateLiteral(node) {
    node.quasis.forEach((text, i) => {
      if (!text.tail && text.value.cooked?.includes('\n') && /[\w\n]$/.test(text.value.raw)) this.edit(text.end, text.end, ' ');
      this.visit(node.expressions[i]);
    });
  }

  extensionCall(node) {
    const { callee } = node;
    if (callee.type !== 'MemberExpression' || callee.computed || callee.object.type === 'Super') return false;
    if (!EXTENSIONS.has(callee.property.name)) return false;
    const open = this.skip(callee.property.end, node.optional ? '?.(' : '(');
    const dot = this.skipParentheses(callee.object.end);
    if (open === undefined || dot === undefined) return false;
    const link = callee.optional ? undefined : this.optionalLink(callee.object);
    this.edit(callee.start, callee.start, link ? '$$link(' : callee.optional ? '$$extendIf(' : '$$extend(');
    this.link = link;
    this.visit(callee.object);
    this.edit(dot, open, `,${JSON.stringify(callee.property.name)},[`);
    this.visit(node.arguments);
    const place = `],${callee.object.start - this.shift},${callee.property.start - this.shift})`;
    this.edit(node.end - 1, node.end, link ? `${place})` : place);
    return true;
  }

  // The last `?.` of a chain: where it ends for want of a value, the extension is not called.
  optionalLink(node) {
    for (let at = node; ; at = at.object ?? at.callee) {
      if (at.type !== 'MemberExpression' && at.type !== 'CallExpression') return undefined;
      if (at.optional) return at;
    }
  }

  openLink(node, end) {
    if (this.link !== node) return;
    this.link = undefined;
    const mark = this.skip(end, '?.') ?? this.skipParentheses(end) + 2;
    const name = node.type === 'MemberExpression' && !node.computed;
    this.edit(mark - 2, mark, `,$$at=>$$extend($$at${name ? '.' : ''}`);
  }

  // The position behind `token`, if nothing but blanks and comments stands before it.
  skip(from, token) {
    const gap = /^(?:\s|\/\*[^]*?\*\/|\/\/[^\n]*\n)*/.exec(this.text.slice(from))[0].length;
    return this.text.startsWith(token, from + gap) ? from + gap + token.length : undefined;
  }

  skipParentheses(from) {
    const gap = /^(?:\s|\)|\/\*[^]*?\*\/|\/\/[^\n]*\n)*/.exec(this.text.slice(from))[0].length;
    return /^\??\./.test(this.text.slice(from + gap, from + gap + 2)) ? from + gap : undefined;
  }

  // -- functions and blocks --------------------------------------------------------------------

  // Parameters are a scope around the body's: their defaults do not see what the body declares.
  functionScope(node) {
    if (node.async) {
      throw new ExpressionError('Expression evaluation failed: #<Promise> could not be cloned.');
    }
    const own = node.type === 'FunctionExpression' && node.id ? [node.id.name] : [];
    const names = patternNames(node.params, new Set(own));
    this.within(names, () => {
      this.visit(node.params);
      if (node.body.type !== 'BlockStatement') this.visit(node.body);
      else this.within(hoisted(node.body.body, declared(node.body.body)), () => this.visit(node.body.body));
    });
  }

  BlockStatement(node) { this.within(declared(node.body), () => this.visit(node.body)); }
  ForStatement(node) { this.loop(node, node.init); }
  ForInStatement(node) { this.loop(node, node.left); }
  ForOfStatement(node) { this.loop(node, node.left); }

  loop(node, head) {
    this.within(declared([head]), () => this.children(node));
  }

  SwitchStatement(node) {
    this.visit(node.discriminant);
    this.within(declared(node.cases.flatMap((each) => each.consequent)), () => this.visit(node.cases));
  }

  CatchClause(node) {
    this.within(patternNames([node.param], new Set()), () => {
      this.visit(node.param);
      this.visit(node.body);
    });
  }

  FunctionExpression(node) { this.functionScope(node); }
  FunctionDeclaration(node) { this.functionScope(node); }
  ArrowFunctionExpression(node) { this.functionScope(node); }

  ClassExpression(node) { this.classScope(node); }
  ClassDeclaration(node) { this.classScope(node); }

  classScope(node) {
    if (node.superClass && node.superClass.type !== 'Identifier') {
      throw new ExpressionError('Cannot use dynamic class extension due to security concerns');
    }
    this.within(new Set(node.id ? [node.id.name] : []), () => {
      this.visit(node.superClass);
      this.visit(node.body);
    });
  }

  MethodDefinition(node) { this.classMember(node); }
  PropertyDefinition(node) { this.classMember(node); }

  classMember(node) {
    if (node.computed) this.key(node.key, true);
    this.visit(node.value);
  }

  StaticBlock(node) {
    this.within(hoisted(node.body, declared(node.body)), () => this.visit(node.body));
  }

  LabeledStatement(node) { this.visit(node.body); }
  BreakStatement() {}
  ContinueStatement() {}
  MetaProperty() {}

  WithStatement() {
    throw new ExpressionError('Cannot use "with" statements due to security concerns');
  }

  ImportExpression() {
    throw new ExpressionError('Imports are not supported');
  }
}
