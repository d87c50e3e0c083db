// A context for expressions in strict mode. It reads them by itself: its errors tell of the code.

import { setReader } from '../compile.mjs';
import { EXTENSIONS } from '../extend.mjs';
import { read } from '../reading.mjs';
import { rewrite } from '../rewrite.mjs';
import { Watch } from '../strict.mjs';
import './expressions.mjs';

setReader((chunks, { optional }) => read(chunks, (source) => {
  const watch = new Watch(source, EXTENSIONS, optional);
  const code = rewrite(source, watch);
  watch.checkFormats();
  return [code, watch];
}));
