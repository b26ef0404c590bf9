import type ts from 'typescript';
import type { PromiseAnswer } from '../../core/questions';
import { Types } from './types';

/**
 * Types in files that have been checked already, as those open in an editor. What names and calls stand for is remembered
 * there, so two small questions cost less than one for the type of an expression, which follows the control flow every time.
 * In files that nobody has checked they cost more.
 */
export class CheckedTypes extends Types {
  override typeAt(node: ts.Node): ts.Type {
    const { tsc } = this;
    const { SuperKeyword, ImportKeyword } = tsc.SyntaxKind;
    // `super()` and `import()` give what no signature says, and calls in JavaScript may be `require` or make an object.
    const isPlain =
      tsc.isCallExpression(node) &&
      node.expression.kind !== SuperKeyword &&
      node.expression.kind !== ImportKeyword &&
      (node.flags & tsc.NodeFlags.JavaScriptFile) === 0;
    const signature = isPlain ? this.checker.getResolvedSignature(node) : undefined;
    return signature?.getReturnType() ?? super.typeAt(node);
  }

  override promise(node: ts.Node): PromiseAnswer {
    const symbol = this.declaredSymbol(node);
    const answer = symbol && this.promiseOfType(this.checker.getTypeOfSymbol(symbol), node);
    return answer?.thenable === 'no' && answer.collection === 'no' ? answer : super.promise(node);
  }
}
