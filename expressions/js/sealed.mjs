// What expressions reach that outlives them, beside the built-in objects: to be frozen like those.

import { DateTime, Duration, FixedOffsetZone, IANAZone, Interval, InvalidZone, SystemZone } from 'luxon';
import * as functions from './functions.mjs';
import { InputView, LegacyNodeView, NodeView } from './nodes.mjs';
import { freezeAll } from './primordials.mjs';
import { S } from './scope.mjs';

const english = { locale: 'en-US' }; // anything else would load Intl's data, which takes long
const moment = DateTime.fromMillis(0, { zone: FixedOffsetZone.utcInstance, ...english });

// Luxon keeps these for the next one who asks.
function freezeResults(owner, name) {
  const make = owner[name];
  owner[name] = function (...given) { return freezeAll([make.apply(this, given)]); };
}

// So does it with formatters; and a formatter keeps its bound `format`.
function freezeFormatters(name, atFirst = () => {}) {
  const Native = Intl[name];
  let first = true;
  function Formatter(...given) {
    if (first) {
      first = false;
      atFirst();
    }
    const made = new Native(...given);
    Object.freeze(made.format);
    return Object.freeze(made);
  }
  Formatter.prototype = Native.prototype;
  Formatter.supportedLocalesOf = Native.supportedLocalesOf;
  Object.defineProperty(Intl, name, { value: Object.defineProperty(Formatter, 'name', { value: name }) });
}

function ofLuxon() {
  const { loc } = moment;
  const precise = Duration.fromObject({}, { ...english, conversionAccuracy: 'longterm' });
  const constants = Object.getOwnPropertyNames(DateTime).map((name) => DateTime[name]);
  freezeResults(IANAZone, 'create');
  freezeResults(Object.getPrototypeOf(loc), 'getWeekSettings');
  freezeFormatters('DateTimeFormat', () => freezeAll([Object.getPrototypeOf(loc.dtFormatter(moment, {}))]));
  for (const name of ['ListFormat', 'NumberFormat', 'RelativeTimeFormat']) freezeFormatters(name);
  return [
    DateTime, Duration, Interval, FixedOffsetZone, IANAZone, InvalidZone, SystemZone, SystemZone.instance,
    moment, Duration.fromObject({}, english), precise, ...constants,
    loc.meridiems(), loc.eras('long'), loc.numberFormatter({ forceSimple: true }), loc.relFormatter({}),
  ];
}

export function sealed() {
  const prototypes = [InputView, LegacyNodeView, NodeView].map((view) => view.prototype);
  return [Object.getPrototypeOf(S), ...prototypes, ...Object.values(functions), ...ofLuxon()];
}
