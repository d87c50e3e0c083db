// n8n's methods of text: https://docs.n8n.io/code/builtin/data-transformation-functions/strings/

import { luxon } from '../luxon.mjs';
import { fromBase64, toBase64 } from './base64.mjs';
import { hash } from './digests.mjs';
import { removeMarkdown, sentenceCase, snakeCase, titleCase } from './prose.mjs';
import { fail } from './shared.mjs';
import { dateTimeFrom } from './number.mjs';
import { plainLetters } from './letters.mjs';
import { extractDomain, extractEmail, extractUrl, extractUrlPath, isDomain, isEmail, isUrl } from './web.mjs';

const keepZone = { setZone: true };
const READERS = [
  (text) => luxon().DateTime.fromISO(text, keepZone),
  (text) => luxon().DateTime.fromHTTP(text, keepZone),
  (text) => luxon().DateTime.fromRFC2822(text, keepZone),
  (text) => luxon().DateTime.fromSQL(text, keepZone),
  (text) => luxon().DateTime.fromMillis(Date.parse(text)),
];

// The point in time that the text names, in one of the usual notations.
export function dateTimeOf(text) {
  for (const read of READERS) {
    try {
      const found = read(text);
      if (found.isValid) return found;
    } catch {
      continue;
    }
  }
  return fail('cannot convert to Luxon DateTime');
}

function toDateTime(text, [format]) {
  if (!format) return dateTimeOf(text);
  if (['ms', 's', 'us', 'excel'].includes(format)) return dateTimeFrom(Number(text), format);
  return luxon().DateTime.fromFormat(text, String(format));
}

function toDate(text) {
  const found = new Date(text);
  if (Number.isNaN(found.getTime())) fail('cannot convert to date');
  return found;
}

function toInt(text, [radix]) {
  const value = parseInt(text.trim(), radix);
  return Number.isNaN(value) ? fail('cannot convert to integer') : value;
}

function toFloat(text) {
  if (text.includes(',')) fail('cannot convert to float, expected . as decimal separator');
  const value = parseFloat(text.trim());
  return Number.isNaN(value) ? fail('cannot convert to float') : value;
}

function toNumber(text) {
  const value = Number(text);
  return Number.isNaN(value) ? fail('cannot convert to number') : value;
}

const isNumeric = (text) => text !== '' && !/\s/.test(text) && !Number.isNaN(Number(text));

function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    if (text.includes("'")) fail("Parsing failed. Check you're using double quotes");
    return fail('Parsing failed');
  }
}

const quote = (text, [mark = '"']) => `${mark}${text.replace(/\\/g, '\\\\').replaceAll(mark, `\\${mark}`)}${mark}`;

export const string = {
  base64Decode: fromBase64,
  base64Encode: toBase64,
  extractDomain,
  extractEmail,
  extractUrl,
  extractUrlPath,
  hash: (text, [algorithm]) => hash(text, algorithm),
  isDomain,
  isEmail,
  isEmpty: (text) => text === '',
  isNotEmpty: (text) => text !== '',
  isNumeric,
  isUrl,
  length: (text) => text.length,
  parseJson,
  quote,
  removeMarkdown,
  removeTags: (text) => text.replace(/<[^>]*>?/g, ''),
  replaceSpecialChars: plainLetters,
  toBoolean: (text) => !['', 'false', '0', 'no'].includes(text.toLowerCase()),
  toDate,
  toDateTime,
  toDecimalNumber: toFloat,
  toFloat,
  toInt,
  toJsonString: (text) => JSON.stringify(text),
  toNumber,
  toSentenceCase: sentenceCase,
  toSnakeCase: snakeCase,
  toTitleCase: titleCase,
  toWholeNumber: toInt,
  urlDecode: (text, [whole]) => (whole ? decodeURI(text) : decodeURIComponent(text)),
  urlEncode: (text, [whole]) => (whole ? encodeURI(text) : encodeURIComponent(text)),
};
