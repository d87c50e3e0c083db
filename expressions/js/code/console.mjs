// `console` of Code nodes: what is printed is handed to Python, a list of values for each line.

const MAX_LINES = 1000;

function plain(value) {
  if (value === undefined) return null;
  if (value instanceof Error) return String(value.stack ?? value);
  try {
    return JSON.parse(JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? String(each) : each)) ?? `"${String(value)}"`);
  } catch {
    return String(value);
  }
}

export function makeConsole(lines) {
  const print = (...values) => {
    if (lines.length < MAX_LINES) lines.push(values.map(plain));
  };
  const console = {};
  for (const name of ['log', 'info', 'warn', 'error', 'debug', 'trace', 'table', 'dir']) console[name] = print;
  for (const name of ['group', 'groupEnd', 'time', 'timeEnd', 'timeLog', 'count', 'assert', 'clear']) console[name] = () => {};
  return console;
}
