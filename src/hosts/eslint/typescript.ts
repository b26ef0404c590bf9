import { createRequire } from 'node:module';
import { join } from 'node:path';
import type ts from 'typescript';

type TypeScript = typeof ts;

/** Packages that bring the parser, most direct first. */
const PARSERS = ['@typescript-eslint/parser', 'typescript-eslint'];

const known = new Map<string, TypeScript>();

/**
 * The TypeScript that made a source file. The parser does not hand it out, and numbers of syntax kinds differ between
 * versions, so each one in question is tried on the file.
 * @param folder where ESLint looks for the parser.
 * @throws Error with one sentence for the user when none fits.
 */
export function typeScriptOf(sourceFile: ts.SourceFile, folder: string): TypeScript {
  const remembered = known.get(folder);
  if (remembered && fits(remembered, sourceFile)) return remembered;
  for (const from of startingPoints(folder)) {
    const candidate = load(from);
    if (!candidate || !fits(candidate, sourceFile)) continue;
    known.set(folder, candidate);
    return candidate;
  }
  throw new Error(
    'async-patterns: the TypeScript that @typescript-eslint/parser uses was not found; install "typescript" beside it.',
  );
}

function* startingPoints(folder: string): Generator<string> {
  const here = join(folder, 'package.json');
  for (const name of PARSERS) {
    try {
      yield createRequire(here).resolve(name);
    } catch {
      // Not installed here: the next one may be.
    }
  }
  yield here;
  yield __filename;
}

function load(from: string): TypeScript | undefined {
  try {
    return createRequire(from)('typescript') as TypeScript;
  } catch {
    return undefined;
  }
}

function fits(tsc: TypeScript, sourceFile: ts.SourceFile): boolean {
  // TypeScript 7 has the name but none of this.
  const kinds = tsc.SyntaxKind as Partial<typeof tsc.SyntaxKind> | undefined;
  if (kinds?.SourceFile === undefined) return false;
  return tsc.isSourceFile(sourceFile) && sourceFile.endOfFileToken.kind === kinds.EndOfFileToken;
}
