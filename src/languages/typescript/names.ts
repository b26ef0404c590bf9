import type ts from 'typescript';

type TypeScript = typeof ts;

/** The name of a property, or undefined where it is computed. */
export function propertyName(tsc: TypeScript, name: ts.PropertyName | ts.BindingName): string | undefined {
  if (tsc.isIdentifier(name) || tsc.isPrivateIdentifier(name)) return name.text;
  if (tsc.isStringLiteralLike(name) || tsc.isNumericLiteral(name)) return name.text;
  return undefined;
}
