/** The thread that analyses: the main one stays free for signals and progress. One thread per language. */
import { parentPort, workerData } from 'node:worker_threads';
import { rules } from '../../rules';
import { PythonEngine } from '../python/engine';
import { readBinaries } from '../server/assets';
import { InputError, type Engine, type EngineName } from './engine';
import { withTypeScriptEngine } from './engines';
import { runSession, type SessionRequest, type SessionResult } from './session';
import type { Config } from '../../core/config';

/** What a thread is to do; plain data. */
export interface Task extends Omit<SessionRequest, 'configOf'> {
  readonly language: 'typescript' | 'python';
  readonly engine: EngineName;
  readonly configs: readonly Config[];
  /** Index into {@link configs} of each file. */
  readonly configOf: ReadonlyMap<string, number>;
  /** For Python: every module of the project, and where the parser is. */
  readonly modules: readonly string[];
  readonly binaries: string;
}

export type TaskMessage =
  | { readonly kind: 'progress'; readonly done: number }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'result'; readonly result: SessionResult }
  | { readonly kind: 'failed'; readonly input: boolean; readonly text: string };

/** Milliseconds between two reports of progress. */
const PROGRESS_MS = 50;

async function withEngine<T>(
  task: Task,
  note: (text: string) => void,
  action: (engine: Engine) => T,
): Promise<T> {
  if (task.language === 'typescript') return withTypeScriptEngine(task.engine, rules, note, action);
  const engine = await PythonEngine.load({
    binaries: readBinaries(task.binaries),
    rules,
    modules: task.modules,
    report: note,
  });
  try {
    return action(engine);
  } finally {
    engine.close();
  }
}

/** Carries a task out; everything that happens is sent to `post`, a result or a failure last. */
export async function work(task: Task, post: (message: TaskMessage) => void): Promise<void> {
  try {
    let last = performance.now();
    const progress = (done: number) => {
      const now = performance.now();
      if (now - last < PROGRESS_MS) return;
      last = now;
      post({ kind: 'progress', done });
    };
    const configOf = (file: string): Config => {
      const config = task.configs[task.configOf.get(file) ?? -1];
      if (!config) throw new Error(`${file} has no configuration`);
      return config;
    };
    const note = (text: string) => post({ kind: 'note', text });
    const result = await withEngine(task, note, (engine) =>
      runSession(engine, { ...task, configOf }, progress),
    );
    post({ kind: 'result', result });
  } catch (error) {
    const debug = process.env['ASYNC_PATTERNS_DEBUG'] && error instanceof Error ? error.stack : undefined;
    const text = error instanceof Error ? error.message : String(error);
    post({ kind: 'failed', input: error instanceof InputError, text: debug ?? text });
  }
}

if (parentPort) {
  const port = parentPort;
  void work(workerData as Task, (message) => port.postMessage(message));
}
