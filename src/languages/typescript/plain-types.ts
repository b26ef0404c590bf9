import type ts from 'typescript';

type TypeScript = typeof ts;

/** Whether a type as written holds neither a promise nor a function: text, numbers, literals, and lists of them. */
export function isPlainType(tsc: TypeScript, type: ts.TypeNode | undefined): boolean {
  if (!type) return false;
  if (tsc.isArrayTypeNode(type)) return isPlainType(tsc, type.elementType);
  if (tsc.isUnionTypeNode(type)) return type.types.every((part) => isPlainType(tsc, part));
  if (tsc.isLiteralTypeNode(type)) return true;
  const { StringKeyword, NumberKeyword, BooleanKeyword, BigIntKeyword, SymbolKeyword } = tsc.SyntaxKind;
  const { UndefinedKeyword, NullKeyword } = tsc.SyntaxKind;
  switch (type.kind) {
    case StringKeyword:
    case NumberKeyword:
    case BooleanKeyword:
    case BigIntKeyword:
    case SymbolKeyword:
    case UndefinedKeyword:
    case NullKeyword:
      return true;
    default:
      return false;
  }
}
