import type { Rule } from '../../core/rule';
import { ClassicEngine } from '../classic/engine';
import { NativeEngine } from '../native/engine';
import { loadNativeTypeScript } from '../native/typescript';
import { InputError, type Engine, type EngineName } from './engine';

/** Loads an engine for TypeScript and JavaScript; it is loaded only where there is something for it to do. */
export async function createTypeScriptEngine(name: EngineName, rules: readonly Rule[]): Promise<Engine> {
  if (name === 'native') return new NativeEngine(await loadNativeTypeScript(), rules);
  const { default: ts } = await import('typescript');
  return new ClassicEngine(ts, rules);
}

/**
 * Carries something out with an engine. Where the native program does not run, or ends on the way, the classic engine
 * starts from the beginning.
 * @param note is told so.
 * @throws InputError for bad input, whatever the engine; else what the classic engine throws.
 */
export async function withTypeScriptEngine<T>(
  name: EngineName,
  rules: readonly Rule[],
  note: (text: string) => void,
  action: (engine: Engine) => T,
  create: typeof createTypeScriptEngine = createTypeScriptEngine,
): Promise<T> {
  try {
    const engine = await create(name, rules);
    try {
      return action(engine);
    } finally {
      engine.close();
    }
  } catch (error) {
    if (name === 'classic' || error instanceof InputError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    note(`TypeScript's native program does not work here (${reason}); the classic engine takes over.`);
    return withTypeScriptEngine('classic', rules, note, action, create);
  }
}
