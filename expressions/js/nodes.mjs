// What `$('X')`, `$node["X"]` and `$input` give.

import { ExpressionError } from './errors.mjs';

export function inputItems(S) {
  const { input } = S.request;
  if (input === null) throw new ExpressionError('No execution data available', { type: 'no_execution_data' });
  return S.get(input);
}

// The list of one output of one run of a node; `run` and `branch` as the expression gave them.
export function outputItems(S, name, branch, run) {
  const node = S.node(name);
  if (!node.runs.length) {
    throw new ExpressionError(`Node '${name}' hasn't been executed`, {
      type: 'no_execution_data',
      description: `An expression references this node, but the node is unexecuted. Check first: $("${name}").isExecuted`,
      node: name,
    });
  }
  const index = run === undefined || run === null || run === -1 ? node.runs.length - 1 : run;
  const outputs = node.runs[index];
  if (!outputs) throw new ExpressionError(`Run ${index} of node "${name}" not found`);
  const output = branch ?? node.branch;
  if (output >= outputs.length && (branch ?? 0) > 0) {
    throw new ExpressionError(`Node "${name}" has no branch with index ${output}.`);
  }
  const token = outputs[output];
  return token === null || token === undefined ? undefined : S.get(token);
}

export class NodeView {
  #S;
  #name;

  constructor(S, name) {
    this.#S = S;
    this.#name = name;
  }

  #items(branch, run) {
    return outputItems(this.#S, this.#name, branch, run);
  }

  #paired(index, method) {
    if (this.#S.node(this.#name).leads) this.#items();
    return this.#S.paired(this.#name, index, method);
  }

  get item() {
    return this.#paired(this.#S.i, 'item');
  }

  pairedItem(index) {
    return this.#paired(index ?? this.#S.i, 'pairedItem');
  }

  itemMatching(index) {
    if (index === undefined) throw new ExpressionError('Missing item index for .itemMatching()');
    return this.#paired(index, 'itemMatching');
  }

  first(branch, run) {
    return this.#S.view(this.#items(branch, run)?.at(0));
  }

  last(branch, run) {
    const items = this.#items(branch, run);
    return items && this.#S.view(items.at(items.length - 1));
  }

  all(branch, run) {
    const items = this.#items(branch, run);
    return items ? this.#S.list(items) : [];
  }

  check() {
    this.#S.node(this.#name);
  }

  get isExecuted() {
    return this.#S.node(this.#name).runs.length > 0;
  }

  // As written: expressions in them stay text, which those of `$node["X"].parameter` do not.
  get params() {
    return this.#S.view(this.#S.get(this.#S.node(this.#name).parameters));
  }

  get context() {
    return this.#S.view(this.#S.get(this.#S.node(this.#name).context));
  }
}

export function itemAt(items, index, name) {
  const item = items?.at(index);
  if (item) return item;
  throw new ExpressionError(
    items?.length ? `"${name}" node has ${items.length} item(s) but you're trying to access item ${index}`
      : `Node '${name}' hasn't been executed`,
    { type: 'no_execution_data' },
  );
}

// `$node["X"]`: the item of the same index.
export class LegacyNodeView {
  constructor(S, name) {
    const index = S.i;
    const item = () => {
      const items = outputItems(S, name);
      if (!S.node(name).leads) throw new ExpressionError(`connect "${S.request.active}" to "${name}"`, { node: name });
      return itemAt(items, index, name);
    };
    const json = () => S.view(item().json);
    const hidden = (get) => ({ get, enumerable: false });
    const shown = (get) => ({ get, enumerable: true });
    Object.defineProperties(this, {
      binary: shown(() => S.view(item().binary ?? {})),
      data: shown(json),
      json: shown(json),
      runIndex: hidden(() => S.node(name).runs.length - 1),
      parameter: hidden(() => S.parameters(S.get(S.node(name).parameters))),
      context: hidden(() => S.view(S.get(S.node(name).context))),
    });
  }
}

export class InputView {
  #S;

  constructor(S) {
    this.#S = S;
  }

  get item() {
    return this.#S.view(inputItems(this.#S).at(this.#S.i));
  }

  first() {
    return this.#S.view(inputItems(this.#S).at(0));
  }

  last() {
    const items = inputItems(this.#S);
    return this.#S.view(items.at(items.length - 1));
  }

  all() {
    return this.#S.list(inputItems(this.#S));
  }

  get params() {
    const { prev } = this.#S.request;
    return prev ? this.#S.view(this.#S.get(this.#S.node(prev.name).parameters)) : undefined;
  }

  get context() {
    const { prev } = this.#S.request;
    return prev ? this.#S.view(this.#S.get(this.#S.node(prev.name).context)) : {};
  }
}
