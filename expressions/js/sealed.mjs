// What expressions reach that outlives them, beside the built-in objects: to be frozen like those.

import * as functions from './functions.mjs';
import { InputView, LegacyNodeView, NodeView } from './nodes.mjs';
import { freezeAll } from './primordials.mjs';
import { S } from './scope.mjs';

const english = { locale: 'en-US' }; // anything else would load Intl's data, which takes long

export function sealed() {
  const prototypes = [InputView, LegacyNodeView, NodeView].map((view) => view.prototype);
  return [Object.getPrototypeOf(S), ...prototypes, ...Object.values(functions)];
}

// Luxon keeps formatters for the next one who asks; and a formatter keeps its bound `format`.
export function sealFormatters() {
  for (const name of ['DateTimeFormat', 'ListFormat', 'NumberFormat', 'RelativeTimeFormat']) sealFormatter(name);
}

const beforeNext = {}; // by the name of a formatter

function sealFormatter(name) {
  const Native = Intl[name];
  function Formatter(...given) {
    const work = beforeNext[name];
    beforeNext[name] = undefined;
    work?.();
    const made = new Native(...given);
    Object.freeze(made.format);
    return Object.freeze(made);
  }
  Formatter.prototype = Native.prototype;
  Formatter.supportedLocalesOf = Native.supportedLocalesOf;
  Object.defineProperty(Intl, name, { value: Object.defineProperty(Formatter, 'name', { value: name }) });
}

// It keeps these too.
function freezeResults(owner, name) {
  const make = owner[name];
  owner[name] = function (...given) { return freezeAll([make.apply(this, given)]); };
}

export function sealLuxon({ DateTime, Duration, FixedOffsetZone, IANAZone, Interval, InvalidZone, SystemZone }) {
  const moment = DateTime.fromMillis(0, { zone: FixedOffsetZone.utcInstance, ...english });
  const { loc } = moment;
  const precise = Duration.fromObject({}, { ...english, conversionAccuracy: 'longterm' });
  const constants = Object.getOwnPropertyNames(DateTime).map((name) => DateTime[name]);
  freezeResults(IANAZone, 'create');
  freezeResults(Object.getPrototypeOf(loc), 'getWeekSettings');
  beforeNext.DateTimeFormat = () => freezeAll([Object.getPrototypeOf(loc.dtFormatter(moment, {}))]);
  freezeAll([
    DateTime, Duration, Interval, FixedOffsetZone, IANAZone, InvalidZone, SystemZone, SystemZone.instance,
    moment, Duration.fromObject({}, english), precise, ...constants,
    loc.meridiems(), loc.eras('long'), loc.numberFormatter({ forceSimple: true }), loc.relFormatter({}),
  ]);
}
