JSON.stringify([
  [1, [2]].flat().join(), 'Ab'.toLowerCase(), Object.keys({ a: 1 }), typeof ({}).left, ({}).toString(), RegExp.$1,
  /x/g.lastIndex, 'a1b2'.replace(/\d/g, '-'), Object.keys($min), Object.keys(Math), Object.getOwnPropertyNames(Object).length,
  DateTime.fromISO('2024-02-29T12:00:00', { zone: 'utc' }).plus({ years: 1 }).toISO(), $now.zoneName, $now.locale,
  Duration.fromObject({ days: 1 }).as('hours'), DateTime.DATE_SHORT, DateTime.fromMillis(0, { zone: 'utc' }).toFormat('a EEE'),
  new Intl.NumberFormat('en').format(1234.5), typeof left, typeof globalThis.left, $json, $('Before').first().json.ok,
  [3, 1, 2].sort(), Math.max(1, 2), parseInt('12px'), [1, 2, 3].sum(), 'x'.isEmpty(), $jmespath({ a: [1] }, 'a[0]'),
])
