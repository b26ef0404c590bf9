import type ts from 'typescript';
import type { GivenSignal, SignalPlace } from '../../core/questions';
import type { Types } from './types';

type TypeScript = typeof ts;

const OPTIONS = ['signal', 'abortSignal'];

/** The AbortSignals among the parameters of a function, in options objects as well. */
export function givenSignals(tsc: TypeScript, types: Types, node: ts.Node): GivenSignal[] {
  if (!tsc.isFunctionLike(node)) return [];
  return node.parameters.flatMap((parameter, index): GivenSignal[] => {
    const { name } = parameter;
    if (tsc.isArrayBindingPattern(name) || parameter.dotDotDotToken) return [];
    if (tsc.isObjectBindingPattern(name)) {
      return name.elements.flatMap((element): GivenSignal[] => {
        if (!tsc.isIdentifier(element.name)) return [];
        const type = types.checker.getTypeAtLocation(element.name);
        if (!isSignal(types, type)) return [];
        return [{ index, path: element.name.text, optional: mayBeMissing(tsc, type) }];
      });
    }
    const type = types.checker.getTypeAtLocation(name);
    if (isSignal(types, type)) return [{ index, path: name.text, optional: mayBeMissing(tsc, type) }];
    const option = optionOf(tsc, types, type, name);
    if (!option) return [];
    const isMissing = mayBeMissing(tsc, type);
    return [{ index, path: `${name.text}${isMissing ? '?.' : '.'}${option}`, optional: true }];
  });
}

/** Where a call would take an AbortSignal and gets none. */
export function signalPlace(tsc: TypeScript, types: Types, node: ts.Node): SignalPlace | undefined {
  if (!tsc.isCallExpression(node) || node.arguments.some((argument) => tsc.isSpreadElement(argument)))
    return undefined;
  const signature = types.checker.getResolvedSignature(node);
  for (const [index, parameter] of (signature?.parameters ?? []).entries()) {
    const declaration = parameter.valueDeclaration;
    if (declaration && tsc.isParameter(declaration) && declaration.dotDotDotToken) return undefined;
    const given = node.arguments[index];
    const type = types.checker.getTypeOfSymbolAtLocation(parameter, node);
    if (isSignal(types, type)) return given ? undefined : { index, property: undefined };
    if (given && !tsc.isObjectLiteralExpression(given)) continue;
    const property = optionOf(tsc, types, type, node);
    if (property === undefined) continue;
    const isFree =
      !given ||
      given.properties.every(({ name }) => name && tsc.isIdentifier(name) && name.text !== property);
    return isFree ? { index, property } : undefined;
  }
  return undefined;
}

function isSignal(types: Types, type: ts.Type): boolean {
  return types.constituents(type).some((part) => part.getSymbol()?.name === 'AbortSignal');
}

/** The name of the optional property of an options object that is an AbortSignal. */
function optionOf(tsc: TypeScript, types: Types, type: ts.Type, at: ts.Node): string | undefined {
  for (const part of types.constituents(type)) {
    for (const name of OPTIONS) {
      const property = part.getProperty(name);
      if (!property || (property.flags & tsc.SymbolFlags.Optional) === 0) continue;
      if (isSignal(types, types.checker.getTypeOfSymbolAtLocation(property, at))) return name;
    }
  }
  return undefined;
}

function mayBeMissing(tsc: TypeScript, type: ts.Type): boolean {
  const { Undefined, Null } = tsc.TypeFlags;
  const parts = type.isUnion() ? type.types : [type];
  return parts.some(({ flags }) => (flags & (Undefined | Null)) !== 0);
}
