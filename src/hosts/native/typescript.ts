/** TypeScript 7: a native program, and the client that asks it questions in batches. */
import type * as Ast from 'typescript-native/ast';
import type * as Api from 'typescript-native/sync';

export type { Ast, Api };

/** The client of the native TypeScript, loaded. */
export interface NativeTypeScript {
  readonly api: typeof Api;
  readonly ast: typeof Ast;
}

/**
 * Loads the client; the native program starts with the first question.
 * @throws whatever loading an absent or broken package throws.
 */
export async function loadNativeTypeScript(): Promise<NativeTypeScript> {
  // ES modules only: a bundle in CommonJS cannot require them in every version of Node that we support.
  const [api, ast] = await Promise.all([import('typescript-native/sync'), import('typescript-native/ast')]);
  return { api, ast };
}
