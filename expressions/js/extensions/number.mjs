// n8n's methods of numbers: https://docs.n8n.io/code/builtin/data-transformation-functions/numbers/

import { luxon } from '../luxon.mjs';
import { fail } from './shared.mjs';

const MS_PER_DAY = 86_400_000;
const EXCEL_EPOCH = 25_569; // 1970-01-01, in days as Excel counts them

const integer = (name, value) => (Number.isInteger(value) ? value : fail(`${name}() is only callable on integers`));

// A point in time given as a number: of milliseconds, seconds, microseconds, or Excel's days.
export function dateTimeFrom(value, format = 'ms') {
  switch (format) {
    case 'ms': return luxon().DateTime.fromMillis(value);
    case 's': return luxon().DateTime.fromSeconds(value);
    case 'us': return luxon().DateTime.fromMillis(value / 1000);
    case 'excel': return luxon().DateTime.fromMillis((value - EXCEL_EPOCH) * MS_PER_DAY);
    default: return fail(`Unsupported format '${String(format)}'. toDateTime() supports 'ms', 's', 'us' and 'excel'.`);
  }
}

function format(value, [locale, options]) {
  try {
    return new Intl.NumberFormat(locale || 'en-US', options).format(value);
  } catch {
    return new Intl.NumberFormat('en-US', options).format(value);
  }
}

// Halves go away from zero.
const roundHalf = (value) => Math.sign(value) * Math.round(Math.abs(value));

export const number = {
  abs: (value) => Math.abs(value),
  ceil: (value) => Math.ceil(value),
  floor: (value) => Math.floor(value),
  format,
  isEmpty: (value) => !value,
  isEven: (value) => integer('isEven', value) % 2 === 0,
  isInteger: (value) => Number.isInteger(value),
  isNotEmpty: (value) => Boolean(value),
  isOdd: (value) => Math.abs(integer('isOdd', value)) % 2 === 1,
  round: (value, [digits = 0]) => Number(value.toFixed(digits)),
  toBoolean: (value) => value !== 0,
  toDateTime: (value, [format]) => dateTimeFrom(value, format),
  toFloat: (value) => value,
  toInt: roundHalf,
};
