import jmespath from 'jmespath';
import { DateTime, Duration, Interval } from 'luxon';

Object.assign(globalThis, { DateTime, Duration, Interval, jmespath });
