// The global names of Code nodes.

import { ExpressionError } from '../errors.mjs';
import { inputItems } from '../nodes.mjs';
import { buffer } from '../sleeping.mjs';
import { bytesOf } from './bytes.mjs';
import { ModeError } from './errors.mjs';
import { makeConsole } from './console.mjs';
import { makeRequire } from './modules.mjs';

// Of the names that expressions know, those that code knows too.
const SHARED = `$data $env $item $fromAI $fromai $fromAi $items $tool $json $node $self $parameter $rawParameter
  $prevNode $runIndex $mode $workflow $itemIndex $now $today $jmesPath DateTime Interval Duration $vars $secrets $executionId
  $resumeWebhookUrl $jmespath $position $thisItem $thisItemIndex $thisRunIndex $nodeVersion $nodeId $webhookId`.split(/\s+/);

const METHODS = new Set(['$item', '$items', '$fromAI', '$fromAi', '$fromai']);

class TextEncoder {
  encoding = 'utf-8';
  encode(text = '') { return new Uint8Array(bytesOf(String(text))); }
}

class TextDecoder {
  constructor(encoding = 'utf-8') { this.encoding = encoding; }
  decode(bytes = new Uint8Array()) { return bytesOf(bytes.buffer ?? bytes).toString(this.encoding === 'utf-8' ? 'utf8' : this.encoding); }
}

const shown = (get) => ({ get, enumerable: true, configurable: true });
const hidden = (get) => ({ get, enumerable: false, configurable: true });

function inputOf(S, each) {
  const whole = (name, method) => hidden(() => {
    if (each) throw new ModeError(`Can't use .${name}() here`, S.i);
    return method;
  });
  const bare = (name, method) => (...given) => {
    if (given.length) {
      throw new ExpressionError(`$input.${name}() takes no arguments. To get items from a specific upstream node, use $('NodeName').${name}() (or $('NodeName').all() for every item).`);
    }
    return method(inputItems(S));
  };
  const previous = () => S.request.prev && S.node(S.request.prev.name);
  return Object.defineProperties({}, {
    context: shown(() => (previous() ? S.get(previous().context) : {})),
    item: shown(() => inputItems(S).at(S.i)),
    params: shown(() => previous() && S.parameters(S.get(previous().parameters))),
    all: whole('all', bare('all', (items) => [...items.all()])),
    first: whole('first', bare('first', (items) => items.at(0))),
    last: whole('last', bare('last', (items) => items.at(items.length - 1))),
  });
}

function staticData(stores) {
  return (kind) => {
    if (kind !== 'global' && kind !== 'node') {
      throw Object.assign(new Error('Unknown context type. Only `global` and `node` are supported.'), { compiling: true });
    }
    return stores[kind];
  };
}

function execution(S, custom) {
  return {
    ...S.$execution,
    customData: {
      get: (key) => custom[key],
      getAll: () => custom,
      set: (key, value) => { custom[key] = String(value); },
      setAll: (values) => Object.assign(custom, values),
    },
  };
}

export function installGlobals(target, S, { host, helpers, state, request }) {
  const each = request.mode === 'runOnceForEachItem';
  const values = {
    module: { exports: {} },
    global: target,
    require: makeRequire(request.modules),
    console: makeConsole(state.console),
    $getWorkflowStaticData: staticData(state.staticData),
    setTimeout: (work, delay, ...given) => host.startTimer(work, delay, given),
    setInterval: (work, delay, ...given) => host.startTimer(work, delay, given, true),
    setImmediate: (work, ...given) => host.startTimer(work, 0, given),
    clearTimeout: (id) => host.stopTimer(id),
    clearInterval: (id) => host.stopTimer(id),
    clearImmediate: (id) => host.stopTimer(id),
    btoa: (text) => bytesOf(String(text), 'latin1').toString('base64'),
    atob: (text) => bytesOf(String(text), 'base64').toString('latin1'),
    TextEncoder,
    TextDecoder,
    $: (name) => S.$(name),
    $input: inputOf(S, each),
    $evaluateExpression: () => {
      throw new ExpressionError("$evaluateExpression can't be used in the Code node while task runners run in secure mode", {
        description: 'Secure-mode task runners disable evaluating strings as code, which expressions rely on. Evaluate the expression in a node field instead, for example an Edit Fields (Set) node before the Code node.',
      });
    },
    $execution: execution(S, state.customData),
    helpers,
  };
  for (const [name, value] of Object.entries(values)) {
    if (name in target) target[name] = value; // declared by mini-racer, not to be defined again
    else Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
  }
  for (const name of SHARED) {
    replaceable(target, name, () => (METHODS.has(name) ? S[name].bind(S) : S[name]));
  }
  const current = { Buffer: () => buffer().Buffer, $binary: () => S.$thisItem?.binary };
  if (each) current.item = () => S.$thisItem;
  else current.items = () => (state.items ??= [...inputItems(S).all()]);
  for (const [name, get] of Object.entries(current)) replaceable(target, name, get);
  for (const name of ['SharedArrayBuffer', 'Atomics', 'WebAssembly']) delete target[name];
}

// A global that is looked up each time, until the code sets it to something else.
function replaceable(target, name, get) {
  Object.defineProperty(target, name, {
    get,
    set(value) { Object.defineProperty(target, name, { value, writable: true, configurable: true }); },
    enumerable: true,
    configurable: true,
  });
}
