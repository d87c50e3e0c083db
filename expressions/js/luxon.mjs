// Luxon, which wakes at the first date, and the zone and time that it goes by.

import text from 'asleep:luxon';
import { sleeping } from './sleeping.mjs';

const SystemDate = Date;
const clock = { zone: 'system', now: null };
let awake;
let prepare = () => {};

export const luxon = sleeping(text, (found) => {
  prepare(found);
  awake = found;
  setSettings();
});

function setSettings() {
  awake.Settings.defaultZone = clock.zone;
  awake.Settings.now = now;
}

// What is done to Luxon before anybody sees it.
export function beforeUse(work) {
  prepare = work;
}

export function now() {
  return clock.now === null ? SystemDate.now() : clock.now;
}

// `time` is in milliseconds, or null for the real one.
export function setClock(zone, time) {
  clock.zone = zone;
  clock.now = time;
  if (awake) setSettings();
}

// Whether a value is a DateTime, Duration or Interval.
export const isA = (kind, value) => awake !== undefined && value instanceof awake[kind];
export const isDateTime = (value) => awake !== undefined && awake.DateTime.isDateTime(value);
