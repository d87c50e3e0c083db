// Runs the code of a Code node. Python starts it, answers what it asks for, and asks how it stands
// until it is done.

import { ExpressionError } from '../errors.mjs';
import { S } from '../scope.mjs';
import { keepThawed, put } from '../store.mjs';
import { failure, FILE } from './errors.mjs';
import { installGlobals } from './globals.mjs';
import { makeHelpers } from './helpers.mjs';
import { Host } from './host.mjs';
import { allItems, oneItem, textOf } from './results.mjs';

const evaluateGlobally = eval;
const { parse, stringify } = JSON;
const host = new Host();
const state = { console: [], staticData: {}, customData: {}, items: undefined };
let ended;

function compile(source) {
  try {
    evaluateGlobally(`globalThis.__n8nliteMain = async function () {${source}\n}\n//# sourceURL=${FILE}`);
  } catch (error) {
    error.compiling = true;
    throw error;
  }
  const main = globalThis.__n8nliteMain;
  delete globalThis.__n8nliteMain;
  return main;
}

async function runEach(main, self, request) {
  const items = [];
  for (let i = 0; i < request.count; i++) {
    S.at(i);
    try {
      const item = oneItem(await main.call(self), i);
      if (item) items.push({ ...item, pairedItem: { item: i } });
    } catch (error) {
      const { kind, ...what } = failure(error);
      if (!request.goOn || kind === 'result') throw error;
      items.push({ json: { error: what.message }, pairedItem: { item: i } });
    }
  }
  return items;
}

async function run(request, self) {
  if (!request.source) throw new ExpressionError('Unknown error');
  const main = compile(request.source);
  if (request.mode === 'runOnceForEachItem') return runEach(main, self, request);
  S.at(0);
  return allItems(await main.call(self));
}

// What Python has to do next: answer calls, sleep, or take the end.
function standing() {
  if (S.needed) return stringify({ need: S.needed.key });
  if (ended) return ended;
  const asked = host.asked.splice(0);
  if (asked.length) return stringify({ asked });
  return stringify({ sleep: host.nextTimer() ?? null });
}

function endBadly(message) {
  ended = stringify({ items: [], rest: { error: { message }, console: [], staticData: {}, customData: {} } });
}

function end(result) {
  const { console, staticData, customData } = state;
  try {
    const text = `{"items":${textOf(result.items ?? [])},"rest":${stringify({ error: result.error, console, staticData, customData })}}`;
    if (text.length > S.request.limit) endBadly('The result of the code is too large');
    else ended = text;
  } catch {
    endBadly('Unknown error');
  }
}

function start(request) {
  for (const [token, value] of request.put) put(token, value);
  S.begin(request);
  S.at(0);
  Object.assign(state, { staticData: request.staticData, customData: {} });
  const helpers = makeHelpers(host);
  installGlobals(globalThis, S, { host, helpers, state, request });
  run(request, globalThis).then((items) => end({ items }), (error) => end({ error: failure(error) }));
  return '{}';
}

// {start: request} | {answers: [{id, value | error}]} | {passed: milliseconds} | {} -> how it stands
export function step(text) {
  const { start: request, answers, passed } = parse(text);
  if (request) return start(request);
  for (const answer of answers ?? []) host.settle(answer);
  if (passed !== undefined) {
    try {
      host.pass(passed);
    } catch (error) {
      end({ error: failure(error) });
    }
  }
  if (answers || passed !== undefined) return '{}';
  return standing();
}

export function prepare() {
  keepThawed();
}
