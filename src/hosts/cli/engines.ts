import type { Rule } from '../../core/rule';
import { ClassicEngine } from '../classic/engine';
import type { Engine } from './engine';

export const ENGINES = ['classic'] as const;
export type EngineName = (typeof ENGINES)[number];

/** Loads an engine for TypeScript and JavaScript; it is loaded only where there is something for it to do. */
export async function createTypeScriptEngine(rules: readonly Rule[]): Promise<Engine> {
  const { default: ts } = await import('typescript');
  return new ClassicEngine(ts, rules);
}
