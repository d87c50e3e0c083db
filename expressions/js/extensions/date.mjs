// n8n's methods of dates, Luxon's and JavaScript's own; a Date in gives a Date back.
// https://docs.n8n.io/code/builtin/data-transformation-functions/dates/

import { isDateTime, luxon } from '../luxon.mjs';
import { fail, nothing } from './shared.mjs';
import { dateTimeOf } from './string.mjs';

const UNITS = ['milliseconds', 'seconds', 'minutes', 'hours', 'days', 'weeks', 'months', 'quarters', 'years'];
const PARTS = {
  week: 'weekNumber', yearDayNumber: 'ordinal', years: 'year', quarters: 'quarter', months: 'month', days: 'day',
  hours: 'hour', minutes: 'minute', seconds: 'second', milliseconds: 'millisecond',
};

const asDateTime = (value) => (value instanceof Date ? luxon().DateTime.fromJSDate(value) : value);

const like = (value, result) => (value instanceof Date ? result.toJSDate() : result);

// The other date of a comparison: text, a Date or a DateTime.
function comparable(value) {
  if (typeof value === 'string') return dateTimeOf(value);
  return isDate(value) ? asDateTime(value) : luxon().DateTime.invalid('no date');
}

function unit(name) {
  if (!name) throw new TypeError('no unit');
  const plural = name.endsWith('s') ? name : `${name}s`;
  if (UNITS.includes(plural)) return plural;
  return fail(`Unsupported unit '${name}'. Supported: ${UNITS.map((each) => `'${each}'`).join(', ')}.`);
}

function diffTo(value, [other, units = 'days']) {
  const wanted = (Array.isArray(units) ? units : [units]).map(unit);
  if (!wanted.length) wanted.push('milliseconds');
  const difference = value.diff(comparable(other), wanted);
  return wanted.length > 1 ? difference.toObject() : difference.as(wanted[0]);
}

// An amount of time, given as Luxon has it or as a number and its unit.
const time = (amount = {}, name = 'milliseconds') => (typeof amount === 'object' ? amount : { [name]: Number(amount) });

function isDate(value) {
  if (typeof value !== 'string') return value instanceof Date || isDateTime(value);
  return !Number.isNaN(Date.parse(value)) || luxon().DateTime.fromISO(value).isValid;
}

function isBetween(value, given) {
  if (given.length !== 2) fail('isBetween(): expected exactly two args');
  if (!given.every(isDate)) return undefined;
  const [a, b] = given.map(comparable);
  const [first, last] = a > b ? [b, a] : [a, b];
  const at = asDateTime(value);
  return first < at && at < last;
}

function isInLast(value, [amount = 0, name = 'minutes']) {
  const now = luxon().DateTime.now();
  const at = asDateTime(value);
  return now.minus({ [name]: amount }) <= at && at <= now;
}

export const date = {
  beginningOf: (value, [name = 'week']) => like(value, asDateTime(value).startOf(name)),
  diffTo,
  diffToNow: (value, [units]) => diffTo(value, [luxon().DateTime.now(), units]),
  endOfMonth: (value) => like(value, asDateTime(value).endOf('month')),
  extract: (value, [name = 'week']) => asDateTime(value).get(PARTS[name] ?? name),
  format: (value, [format, options]) => asDateTime(value).toFormat(format, options),
  isBetween,
  isDst: (value) => asDateTime(value).isInDST,
  isEmpty: () => false,
  isInLast,
  isNotEmpty: () => true,
  isWeekend: (value) => asDateTime(value).weekday > 5,
  minus: (value, [amount, name]) => like(value, asDateTime(value).minus(time(amount, name))),
  plus: (value, [amount, name]) => like(value, asDateTime(value).plus(time(amount, name))),
  toBoolean: nothing,
  toDateTime: asDateTime,
  toFloat: (value) => asDateTime(value).toMillis(),
  toInt: (value) => asDateTime(value).toMillis(),
};
