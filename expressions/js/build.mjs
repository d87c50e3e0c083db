// Makes the files that run inside V8, one for each use of a context: `node build.mjs`.
//
// What is imported as `asleep:NAME` goes in as text, which costs a new context next to nothing.

import { build } from 'esbuild';

const USES = ['compiler', 'expressions', 'strict', 'code'];
const OPTIONS = {
  bundle: true, minify: true, format: 'iife', target: 'es2022', charset: 'ascii', legalComments: 'eof', logLevel: 'warning',
};

async function bundled(name, resolveDir) {
  const contents = `module.exports = require(${JSON.stringify(name)})`;
  const { outputFiles } = await build({ ...OPTIONS, stdin: { contents, resolveDir }, globalName: 'exported', write: false });
  return `${outputFiles[0].text}\nreturn exported`;
}

const asleep = {
  name: 'asleep',
  setup(bundle) {
    bundle.onResolve({ filter: /^asleep:/ }, ({ path, resolveDir }) => (
      { path: path.slice('asleep:'.length), namespace: 'asleep', pluginData: resolveDir }
    ));
    bundle.onLoad({ filter: /^/, namespace: 'asleep' }, async ({ path, pluginData }) => (
      { contents: await bundled(path, pluginData), loader: 'text' }
    ));
  },
};

await build({ ...OPTIONS, entryPoints: USES.map((use) => `uses/${use}.mjs`), outdir: 'dist', plugins: [asleep] });
