/**
 * `npm run docs`: builds the documents into a static web site below `out/site`. With `--serve` it serves them and builds
 * them again when a page changes.
 */
import { parseArgs } from 'node:util';
import { buildSite, serveSite } from './site';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: 'out/site' },
      base: { type: 'string', default: '/' },
      serve: { type: 'boolean', default: false },
      port: { type: 'string', default: '8080' },
    },
  });
  if (values.serve) await serveSite(values, Number(values.port));
  else {
    await buildSite(values);
    console.log(`${values.out}/index.html`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
