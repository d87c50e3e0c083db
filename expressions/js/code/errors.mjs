// Errors of Code nodes, as n8n words them.

import { ExpressionError } from '../errors.mjs';
import { HostError } from './host.mjs';

export const FILE = 'n8nlite-code';

// The code's result has not the shape of items; n8n stops whatever the node's error setting says.
export class ResultError extends Error {
  constructor(message, description, item) {
    super(item === undefined ? message : `${message} [item ${item}]`);
    this.description = description;
    this.item = item;
  }
}

// Something is used in a mode that does not have it.
export class ModeError extends Error {
  constructor(message, item) {
    super(message);
    this.description = "This is only available in 'Run Once for All Items' mode";
    this.item = item;
  }
}

function lineOf(error) {
  return new RegExp(`${FILE}:(\\d+)`).exec(String(error.stack))?.[1];
}

function thrown(value) {
  try {
    return { message: JSON.stringify(value) ?? String(value) };
  } catch {
    return { message: 'Unknown error' };
  }
}

function worded(error) {
  if (!(error instanceof Error)) return thrown(error);
  const { message, description, hint } = error;
  if (error instanceof ResultError) return { message, description, item: error.item, kind: 'result' };
  if (error instanceof ExpressionError) return { message, description, hint };
  if (error instanceof HostError) return { message, description: error.name === 'Error' ? undefined : error.name };
  if (error.message === 'Not supported') return { message: 'A dynamic import callback was not specified.' };
  const line = error.compiling ? undefined : lineOf(error);
  if (error instanceof ModeError) {
    return { message: `${message} [line ${line}, for item ${error.item}]`, description, item: error.item, kind: 'result' };
  }
  return {
    message: line ? `${message} [line ${line}]` : message || 'Unknown error',
    description: error.name === 'Error' ? description : error.name,
  };
}

// What was thrown may itself throw when it is looked at.
export function failure(error) {
  try {
    return worded(error);
  } catch {
    return { message: 'Unknown error' };
  }
}
