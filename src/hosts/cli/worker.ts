/** The thread that analyses: the main one stays free for signals and progress. One thread per language. */
import { parentPort, workerData } from 'node:worker_threads';
import { rules } from '../../rules';
import { PythonEngine } from '../python/engine';
import { readBinaries } from '../server/assets';
import { InputError, type Engine } from './engine';
import { createTypeScriptEngine, type EngineName } from './engines';
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

async function createEngine(task: Task, note: (text: string) => void): Promise<Engine> {
  if (task.language === 'typescript') return createTypeScriptEngine(rules);
  return PythonEngine.load({
    binaries: readBinaries(task.binaries),
    rules,
    modules: task.modules,
    report: note,
  });
}

/** Carries a task out; everything that happens is sent to `post`, a result or a failure last. */
export async function work(task: Task, post: (message: TaskMessage) => void): Promise<void> {
  try {
    const engine = await createEngine(task, (text) => post({ kind: 'note', text }));
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
    try {
      post({ kind: 'result', result: runSession(engine, { ...task, configOf }, progress) });
    } finally {
      engine.close();
    }
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
