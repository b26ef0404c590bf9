/**
 * `node check-repository.js ENGINE PATH`: analyses a folder with all rules and prints the number of findings. What the
 * benchmark runs for us, bundled as the command line is.
 */
import { readConfig } from '../../src/core/config';
import { discover } from '../../src/hosts/cli/discover';
import type { Engine } from '../../src/hosts/cli/engine';
import { NativeEngine } from '../../src/hosts/native/engine';
import { loadNativeTypeScript } from '../../src/hosts/native/typescript';
import { rules } from '../../src/rules';

async function engineOf(name: string): Promise<Engine> {
  if (name === 'native') return new NativeEngine(await loadNativeTypeScript(), rules);
  const [{ default: ts }, { ClassicEngine }] = await Promise.all([
    import('typescript'),
    import('../../src/hosts/classic/engine'),
  ]);
  return new ClassicEngine(ts, rules);
}

async function main([name = 'native', path = '.']: readonly string[]): Promise<void> {
  const engine = await engineOf(name);
  const { config } = readConfig({ preset: 'all' }, rules);
  const { typescript, explicit } = discover([path]);
  let findings = 0;
  const request = { files: typescript, explicit, tsconfig: undefined, overlay: new Map<string, string>() };
  for (const project of engine.open(request))
    for (const { analysis } of project.analyse(project.files, () => config))
      findings += analysis.findings.length;
  engine.close();
  console.log(findings);
}

void main(process.argv.slice(2));
