// Running text: its letters' case, and its Markdown.

const SMALL_WORDS = new Set(`a an and as at because but by en for if in neither nor of on only or over per so
  some than that the to up upon v v. versus via vs vs. when with without yet`.split(/\s+/));

// Every word begins with a capital, but for small words inside and words that have a case of their own.
export function titleCase(text) {
  return text.replace(/[^\s:\u2013\u2014-]+/gu, (word, start) => {
    if (/.(?=\p{Lu}|\.\S)/u.test(word)) return word;
    const inside = start > 0 && start + word.length < text.length;
    if (inside && SMALL_WORDS.has(word.toLowerCase().replace(/^\p{P}+|(?<!vs?)\p{P}+$/gu, ''))) return word;
    return word.replace(/[\p{L}\d]/u, (letter) => letter.toUpperCase());
  }).replace(/[\n\r]/g, '');
}

export function sentenceCase(text) {
  return text.toLowerCase()
    .replace(/(^|[.!?])([^\p{L}]*)(\p{L})/gu, (_, end, gap, letter) => end + gap + letter.toUpperCase());
}

export function snakeCase(text) {
  return text.toLowerCase().replace(/[ -]/g, '_').replace(/(?!_)[\p{P}$+<=>^`|~]/gu, '');
}

// What n8n takes away of Markdown, in its order.
const MARKDOWN = [
  [/^([\s\t]*)(?:[*+-]|\d+\.)\s+/gm, '$1'], // list marks
  [/\n={2,}/g, '\n'], // underlined headings
  [/~~/g, ''],
  [/`{3}.*\n/g, ''], // fences
  [/<[\w\s='":(),;/.|-]+>/g, ''],
  [/^[=-]{2,}\s*$/g, ''], // rules
  [/\[\^.+?\](?:: .*?$)?/g, ''], // footnotes
  [/\s{0,2}\[.*?\]: .*?$/g, ''], // references
  [/!\[.*?\][[(].*?[\])]/g, ''], // images
  [/\[(.*?)\][[(].*?[\])]/g, '$1'], // links
  [/>/g, ''], // quotes
  [/^#{1,6}\s*([^#]*)\s*(?:#{1,6})?/gm, '$1'], // headings
  [/([*_]{1,3})(\S.*?\S)\1/g, '$2'], // emphasis
  [/(`{3,})(.*?)\1/gm, '$2'],
  [/`(.+?)`/g, '$1'],
  [/\n{2,}/g, '\n\n'],
];

export function removeMarkdown(text) {
  return MARKDOWN.reduce((plain, [mark, instead]) => plain.replace(mark, instead), text);
}
