/**
 * Compares what the two engines say about real code: `npx tsx test/differential/engines.ts PATH…` prints every finding
 * that only one of them has, or has with other fixes, and ends with code 1 where there is one.
 */
import ts from 'typescript';
import { ClassicEngine } from '../../src/hosts/classic/engine';
import { NativeEngine } from '../../src/hosts/native/engine';
import { loadNativeTypeScript } from '../../src/hosts/native/typescript';
import { rules } from '../../src/rules';
import { reportOf } from '../support/engines';

async function main(paths: readonly string[]): Promise<void> {
  const native = new NativeEngine(await loadNativeTypeScript(), rules);
  try {
    const sides = { classic: reportOf(new ClassicEngine(ts, rules), paths), native: reportOf(native, paths) };
    for (const [side, other] of [
      ['classic', 'native'],
      ['native', 'classic'],
    ] as const) {
      for (const what of ['files', 'findings'] as const) {
        const known = new Set(sides[other][what]);
        for (const line of sides[side][what]) {
          if (known.has(line)) continue;
          process.exitCode = 1;
          console.log(`only ${side}: ${line}`);
        }
      }
    }
    const { files, findings } = sides.classic;
    console.log(`The classic engine has ${findings.length} findings in ${files.length} files.`);
  } finally {
    native.close();
  }
}

void main(process.argv.slice(2));
