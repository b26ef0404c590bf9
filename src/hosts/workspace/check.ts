import { readFileSync, statSync } from 'node:fs';
import { parse as parseToml } from 'smol-toml';
import { reasonOf } from '../../core/reason';
import type { Analysis } from '../../core/engine';
import { LineMap } from '../../core/text';
import {
  fingerprintOf,
  type CheckedFile,
  type WorkspaceEvent,
  type WorkspaceRequest,
} from '../../core/workspace-protocol';
import { rules } from '../../rules';
import { diagnosticsIn, fixAllIn, type AnalysedFile } from '../answers';
import { ClassicEngine } from '../classic/engine';
import { discover, modulesOf } from '../cli/discover';
import { InputError, type Engine, type EngineProject, type EngineRequest } from '../cli/engine';
import { matcherOf } from '../config/globs';
import { LayeredSettings, type FromFile } from '../config/layered';
import { uriOf } from '../lsp';
import { PythonEngine } from '../python/engine';
import { readBinaries } from '../server/assets';
import { toSettings, type ServerSettings } from '../server/settings';
import { loadTypeScript } from './typescript';

type Post = (event: WorkspaceEvent) => void;
type SettingsOf = (file: string) => ServerSettings & FromFile;

/**
 * Checks the files of a workspace as the command line does, with the settings of the editor; Python first, which is
 * quicker. Everything that happens is told to `post`, each file as soon as it has been judged.
 * @throws InputError where a folder cannot be read.
 */
export async function checkWorkspace(request: WorkspaceRequest, post: Post): Promise<void> {
  post({ kind: 'phase', phase: 'finding' });
  const found = discover(request.folders);
  const settings = settingsFor(request);
  const wanted = request.only && new Set(request.only);
  const choose = (files: readonly string[], settingsOf: SettingsOf) =>
    files.filter((file) => (wanted?.has(file) ?? true) && isWanted(file, settingsOf(file), request, post));
  const python = choose(found.python, settings.python);
  const typescript = choose(found.typescript, settings.typescript);
  post({ kind: 'problems', problems: settings.problems([...python, ...typescript]) });
  post({ kind: 'total', files: python.length + typescript.length });
  const { explicit } = found;
  const overlay = new Map(request.unsaved);
  const onBroken = ({ message }: InputError) => post({ kind: 'note', text: message, incomplete: true });
  const opened = { explicit, tsconfig: undefined, overlay, onBroken };
  if (python.length > 0) {
    post({ kind: 'phase', phase: 'python' });
    const engine = await PythonEngine.load({
      binaries: readBinaries(request.binaries),
      rules,
      modules: modulesOf(python),
      report: (text) => post({ kind: 'note', text, incomplete: false }),
    });
    judge(engine, { ...opened, files: python }, 'python', settings.python, post);
  }
  if (typescript.length > 0) {
    post({ kind: 'phase', phase: 'reading' });
    const tsc = loadTypeScript(request.typescript);
    if (tsc) {
      post({ kind: 'note', text: `TypeScript ${tsc.version} answers.`, incomplete: false });
      const files = { ...opened, files: typescript };
      judge(new ClassicEngine(tsc, rules), files, 'typescript', settings.typescript, post);
    } else {
      const text =
        'No TypeScript 5.0 to 6.0 was found for TypeScript and JavaScript; name one in the setting typescript.tsdk.';
      post({ kind: 'note', text, incomplete: true });
    }
  }
  post({ kind: 'done' });
}

/** As in the editor: what it asks about TypeScript does not read `pyproject.toml`. */
function settingsFor({ config }: WorkspaceRequest) {
  const own = toSettings(config, rules, undefined);
  const options = { globs: matcherOf };
  const typescript = new LayeredSettings(own, config, rules, options);
  const python = new LayeredSettings(own, config, rules, { ...options, toml: parseToml });
  return {
    typescript: (file: string) => typescript.of(file),
    python: (file: string) => python.of(file),
    problems: (files: readonly string[]) => [
      ...new Set(
        files.flatMap((file) => (file.endsWith('.py') ? python.of(file) : typescript.of(file)).problems),
      ),
    ],
  };
}

/** Whether a file is to be looked at: not ignored by a configuration, and not too long. */
function isWanted(
  file: string,
  { ignored, maxLines }: ServerSettings & FromFile,
  { unsaved }: WorkspaceRequest,
  post: Post,
): boolean {
  if (ignored) return false;
  const typed = unsaved.find(([name]) => name === file)?.[1];
  try {
    // A line takes a character at least: most files are known to be short without reading them.
    if ((typed?.length ?? statSync(file).size) < maxLines) return true;
    const lines = new LineMap(typed ?? readFileSync(file, 'utf8')).lineCount;
    if (lines <= maxLines) return true;
    const limit = `asyncPatterns.maxLines (${maxLines})`;
    post({
      kind: 'note',
      text: `${file}: skipped: ${lines} lines are more than ${limit}`,
      incomplete: false,
    });
  } catch {
    post({ kind: 'note', text: `${file}: cannot be read; left out.`, incomplete: true });
  }
  return false;
}

function judge(
  engine: Engine,
  request: EngineRequest,
  phase: 'python' | 'typescript',
  settingsOf: SettingsOf,
  post: Post,
): void {
  try {
    for (const project of engine.open(request)) {
      post({ kind: 'phase', phase });
      for (const file of project.files) {
        try {
          for (const { analysis } of project.analyse([file], () => settingsOf(file).config)) {
            for (const { rule, error } of analysis.failures)
              post({ kind: 'note', text: `Rule ${rule} failed: ${reasonOf(error)}`, incomplete: true });
            post({ kind: 'checked', file: toChecked(project, file, analysis) });
          }
        } catch (error) {
          post({ kind: 'note', text: `${file}: ${reasonOf(error)}`, incomplete: true });
        }
      }
      if (phase === 'typescript') post({ kind: 'phase', phase: 'reading' });
    }
  } finally {
    engine.close();
  }
}

function toChecked(project: EngineProject, file: string, { findings, lines }: Analysis): CheckedFile {
  const maps = new Map([[file, lines]]);
  const analysed: AnalysedFile = {
    file,
    findings,
    locate: (at, span) => {
      let map = maps.get(at);
      if (!map) {
        const text = project.textOf(at);
        if (text === undefined) return undefined;
        maps.set(at, (map = new LineMap(text)));
      }
      return { uri: uriOf(at), range: map.rangeOf(span) };
    },
    fixesOf: (finding) => project.fixesOf([finding])[0] ?? [],
  };
  return {
    file,
    fingerprint: fingerprintOf(project.textOf(file) ?? ''),
    diagnostics: diagnosticsIn(analysed),
    fixes: fixAllIn(analysed).fixes,
  };
}
