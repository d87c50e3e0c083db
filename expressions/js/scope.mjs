// S: everything an expression can name, for the item that is being evaluated.

import { ExpressionError, Need } from './errors.mjs';
import * as functions from './functions.mjs';
import { luxon, now, setClock } from './luxon.mjs';
import { InputView, inputItems, itemAt, LegacyNodeView, NodeView, outputItems } from './nodes.mjs';
import { get, thaw } from './store.mjs';

const NativeDate = Date;

class FixedDate extends Date {
  constructor(...given) {
    if (given.length) super(...given);
    else super(now());
  }

  static now() {
    return now();
  }
}

// An object whose every key is looked up, but for those that printing it asks for.
const byName = (find) => new Proxy({}, {
  get: (target, name) => (typeof name !== 'string' || name in target || name === 'toJSON' ? target[name] : find(name)),
});

// What the object itself has of that name: data comes with names such as `constructor`.
const own = (object, name) => (Object.hasOwn(object, name) ? object[name] : undefined);

// What expressions may name; its methods and getters are the names.
class Data {
  get $json() { return this.view(this.current().json); }
  get $data() { return this.$json; }
  get $binary() { return this.view(this.current().binary ?? {}); }
  get $input() { return new InputView(this); }
  get $thisItem() { return this.view(inputItems(this).at(this.i)); }
  get $itemIndex() { return this.i; }
  get $position() { return this.i; }
  get $thisItemIndex() { return this.i; }
  get $runIndex() { return this.request.run; }
  get $thisRunIndex() { return this.request.run; }

  $(name) { return new NodeView(this, name); }
  get $node() { return byName((name) => new LegacyNodeView(this, name)); }

  $items(name, output, run) {
    if (name === undefined) return this.request.input === null ? [] : this.list(inputItems(this));
    const items = outputItems(this, name, output ?? 0, run);
    return items ? this.list(items) : [];
  }

  $item(index) {
    const other = Object.create(this);
    other.i = index;
    return other.named();
  }

  get $parameter() { return this.parameters(this.value('parameters')); }
  get $rawParameter() { return rawParameters(this.view(this.value('parameters'))); }
  get $workflow() { return this.view(this.value('workflow')); }
  get $execution() { return this.view(this.value('execution')); }
  get $executionId() { return this.value('execution').id; }
  get $resumeWebhookUrl() { return this.value('execution').resumeUrl; }
  get $mode() { return this.value('execution').mode === 'test' ? 'manual' : 'trigger'; }
  get $vars() { return this.view(this.value('vars')); }
  get $secrets() { return this.view(this.value('secrets')); }
  get $env() { return environment(this); }
  get $prevNode() {
    const { prev } = this.request;
    return prev ? { ...prev } : { name: undefined, outputIndex: undefined, runIndex: undefined };
  }
  get $nodeId() { return this.request.node.id; }
  get $nodeVersion() { return this.request.node.typeVersion; }
  get $webhookId() { return this.request.node.webhookId; }
  get $self() { return {}; }
  get $tool() { return { name: undefined, parameters: undefined }; }

  get $now() { return (this.clock ??= luxon().DateTime.now()); }
  get $today() { return this.$now.startOf('day'); }
  get DateTime() { return luxon().DateTime; }
  get Duration() { return luxon().Duration; }
  get Interval() { return luxon().Interval; }
  get Date() { return this.request.now === null ? NativeDate : FixedDate; }

  get $ifEmpty() { return functions.$ifEmpty; }
  get $not() { return functions.$not; }
  get not() { return functions.$not; }
  get $min() { return functions.$min; }
  get min() { return functions.$min; }
  get $max() { return functions.$max; }
  get max() { return functions.$max; }
  get $average() { return functions.$average; }
  get average() { return functions.$average; }
  get numberList() { return functions.numberList; }
  get zip() { return functions.zip; }
  get $jmespath() { return functions.$jmespath; }
  get $jmesPath() { return functions.$jmespath; }

  $fromAI(key, description, type, fallback) { return fromAI(this, key, fallback); }
  get $fromAi() { return this.$fromAI; }
  get $fromai() { return this.$fromAI; }
}

export const DATA = new Set(Object.getOwnPropertyNames(Data.prototype).filter((name) => name !== 'constructor' && name !== '$'));

// The same, with what the names stand on. Expressions cannot name any of this.
class Scope extends Data {
  begin(request) {
    this.request = request;
    this.needed = undefined;
    this.thaw = 0;
    this.copies = undefined;
    setClock(request.tz, request.now);
  }

  at(index) {
    this.i = index;
  }

  // -- one evaluation: frozen data, or copies of it --------------------------------------------

  melt(level) {
    this.clock = undefined;
    this.thaw = level;
    this.copies = level ? new Map() : undefined;
  }

  view(value) {
    if (!this.thaw || typeof value !== 'object' || value === null) return value;
    let copy = this.copies.get(value);
    if (copy === undefined) this.copies.set(value, (copy = thaw(value)));
    return copy;
  }

  list(items) {
    const all = items.all();
    if (!this.thaw) return all;
    let copy = this.copies.get(all);
    if (copy === undefined) {
      copy = this.thaw === 1 ? all.slice() : all.map((each) => this.view(each));
      this.copies.set(all, copy);
    }
    return copy;
  }

  // -- data that may still be in Python --------------------------------------------------------

  need(key) {
    S.needed = new Need(key); // not this: `$item(1)` has a scope of its own
    throw S.needed;
  }

  get(token) {
    const value = get(token);
    return value === undefined ? this.need(token) : value;
  }

  value(name) {
    const token = this.request.values[name];
    return token === null || token === undefined ? undefined : this.get(token);
  }

  node(name) {
    const node = own(this.request.nodes, name);
    if (node === undefined) this.need({ node: String(name) });
    if (node.missing) throw new ExpressionError("Referenced node doesn't exist", { hint: node.missing, node: name });
    return node;
  }

  current() {
    return itemAt(inputItems(this), this.i, this.request.active);
  }

  paired(name, index, method) {
    if (!(index >= 0)) return undefined;
    let found = own(this.request.pairs, name) ?? this.need({ pair: name, whole: index !== this.i });
    if (index >= found.count) {
      throw new ExpressionError('Can’t get data for expression', { type: 'paired_item_intermediate_nodes' });
    }
    if (index < found.start || index >= found.end) found = this.need({ pair: name, whole: true });
    const at = index - found.start;
    const row = found.rows ? found.rows[at] : [found.token, found.index ? found.index[at] : index];
    if (!row) return undefined;
    if (row.message) throw new ExpressionError(row.message.replace('{method}', method), { ...row, node: name });
    return this.view(this.get(row[0]).at(row[1]));
  }

  // -- parameters, whose own expressions are evaluated when they are read ----------------------

  parameters(value) {
    if (typeof value !== 'object' || value === null) return this.parameter(value);
    if (value.__rl) return this.parameters(value.value);
    const index = this.i;
    return new Proxy(Array.isArray(value) ? [...value] : { ...value }, {
      get: (target, key) => (Object.hasOwn(target, key) ? this.forItem(index, () => this.parameters(target[key])) : target[key]),
    });
  }

  // A result is written down when all items are done: what it looks up then is still its own item's.
  forItem(index, work) {
    const now = this.i;
    this.i = index;
    try {
      return work();
    } finally {
      this.i = now;
    }
  }

  parameter(value) {
    if (typeof value !== 'string' || !value.startsWith('=')) return value;
    return this.evaluate(this.request.texts?.[value] ?? this.need({ text: value }));
  }

  named() {
    const names = {};
    for (const name of DATA) Object.defineProperty(names, name, { get: () => this[name], enumerable: false });
    return names;
  }
}

// As written, but for a resource locator: its value alone.
function rawParameters(values) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value?.__rl ? value.value : value]));
}

function environment(S) {
  if (S.request.values.env === null) {
    return byName(() => {
      throw new ExpressionError('access to env vars denied');
    });
  }
  return S.view(S.value('env'));
}

// What a model filled in for the tool: a field of the item.
function fromAI(S, key, fallback) {
  if (!key) throw new ExpressionError("Add a key, e.g. $fromAI('placeholder_name')");
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(key)) {
    throw new ExpressionError('Invalid parameter key, must be between 1 and 64 characters long and only contain lowercase letters, uppercase letters, numbers, underscores, and hyphens');
  }
  const { json } = S.current();
  return S.view(own(json, key) ?? own(json.query ?? {}, key) ?? fallback);
}

export const S = new Scope();
