// Stamps every object that an expression can reach, and tells on which it found a stamp already: the
// second of two evaluations must find none.
(() => {
  class Given { constructor(it) { return it } }
  class Stamp extends Given { leftBehind = 1 }
  const inherited = `
    format formatToParts resolvedOptions select next then map push slice call apply bind test exec get set
    add has keys values entries first last all item pairedItem itemMatching params context isExecuted json zone loc matrix
    dtf inf rtf intl opts dt toISO plus minus startOf diff as shiftTo toFormat toLocaleString offset offsetName equals clone
    redefaultToEN redefaultToSystem dtFormatter padTo toString valueOf hasOwnProperty length prototypeOf
  `.trim().split(/\s+/);
  const pending = [
    $json, $binary, $input, $input.item, $input.first, $('Before'), $('Before').first, $node, $node.Before, $items, $item,
    $item(0), $parameter, $workflow, $execution, $vars, $prevNode, $now, $today, DateTime, Duration, Interval, $min, $max,
    $average, $ifEmpty, $jmespath, $not, zip, numberList, $fromAI, $self, Object, Array, String, Number, Boolean, Math, JSON,
    RegExp, Map, Set, WeakMap, Error, TypeError, Symbol, BigInt, Intl, Date, ArrayBuffer, Uint8Array, parseInt, this, fetch,
    [].values(), new Map().entries(), (function* () {})(), 'a'.matchAll(/a/g), /a/g, new Intl.NumberFormat(), Intl.DateTimeFormat(),
    $now.zone, $now.toUTC().zone, $now.setZone('Asia/Tokyo').zone, $now.setZone('nowhere').zone, DateTime.fromMillis(NaN),
    $now.loc, $now.loc.dtFormatter($now, {}), $now.loc.numberFormatter({}), $now.loc.relFormatter({}), $now.loc.listFormatter({}),
    $now.loc.meridiems(), $now.loc.eras('short'), $now.loc.months('long'), $now.loc.weekdays('long'), $now.loc.getWeekSettings(),
    $now.setLocale('de').loc, $now.setLocale('de').loc.getWeekSettings(), $now.diff($now), Duration.fromMillis(5).matrix,
    $now.diff($now, 'days', { conversionAccuracy: 'longterm' }).matrix, Interval.after($now, 5), $now.resolvedLocaleOptions(),
  ];
  const seen = new Set();
  const found = [];
  let at = 0;
  while (at < pending.length && seen.size < 5000) {
    const it = pending[at++];
    if (it === null || (typeof it !== 'object' && typeof it !== 'function') || seen.has(it)) continue;
    seen.add(it);
    if (Object.hasOwn(it, 'leftBehind')) found.push(String(it.name ?? it));
    try { new Stamp(it) } catch {}
    for (const name of [...Object.getOwnPropertyNames(it), ...inherited]) {
      try { pending.push(it[name]) } catch {}
    }
  }
  return { many: seen.size > 400, found };
})()
