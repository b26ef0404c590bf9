import type ts from 'typescript';
import type { FactLists } from '../../core/drafts';
import type { CommentFact, FileFacts } from '../../core/facts';
import { brokenStatements } from './broken';
import { commentsOf } from './comments';
import { StatementLowering } from './statements';

type TypeScript = typeof ts;

/**
 * Lowers a parsed file to facts. Needs parent pointers in the tree and no type information.
 * @param tsc the TypeScript that made the tree: enum values differ between versions.
 */
export function lower(tsc: TypeScript, sourceFile: ts.SourceFile): FileFacts {
  const lists: FactLists = { functions: [], classes: [], imports: [] };
  let comments: CommentFact[] | undefined;
  const file: FileFacts = {
    file: sourceFile.fileName,
    language: 'typescript',
    text: sourceFile.text,
    // Few analyses need comments, and finding them costs a walk of its own.
    get comments() {
      return (comments ??= commentsOf(tsc, sourceFile));
    },
    broken: brokenStatements(tsc, sourceFile),
    ...lists,
  };
  new Lowering(tsc, sourceFile, file, lists).lower();
  return file;
}

class Lowering extends StatementLowering {
  lower(): void {
    this.module.body = this.blockOf(this.sourceFile, this.sourceFile.statements);
    this.resolveNames();
  }
}
