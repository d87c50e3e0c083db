// An expression's chunks (text, or code in an array) -> the same with the code rewritten.

import { ExpressionError, note } from './errors.mjs';
import { rewrite } from './rewrite.mjs';

const CONSTRUCTOR = /\.\s*constructor/;

// `rewritten` makes of a source the array that takes its place.
export function read(chunks, rewritten = (source) => [rewrite(source)]) {
  if (CONSTRUCTOR.test(chunks.flat().join(''))) {
    throw new ExpressionError('Expression contains invalid constructor function call', {
      description: 'Constructor override attempt is not allowed due to security concerns',
    });
  }
  return chunks.map((each, chunk) => {
    if (typeof each === 'string') return each;
    try {
      return rewritten(each[0]);
    } catch (error) {
      throw error instanceof ExpressionError ? note(error, { chunk }) : error;
    }
  });
}
