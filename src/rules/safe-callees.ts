import type { Call, Value } from '../core/facts';
import { askOne, type Asking, type DeclarationAnswer, type TypeAnswer } from '../core/questions';
import { importedPath, isLiteral, optionOf } from '../core/uses';
import { ENDING_CALLEES, SAFE_CALLEES, SAFE_FUNCTION_TYPES } from '../knowledge/safe-callees';
import { rejectionBySyntax } from './settlement';

/**
 * Whether the library that gives a call's promise looks after it itself.
 * @param type of the callee: what a library hands out may be kept under any name.
 */
export function isSafe(
  call: Call,
  declared: DeclarationAnswer | undefined,
  type: TypeAnswer | undefined,
): boolean {
  const isKnown = (name: string | undefined) => {
    const safe = name === undefined ? undefined : SAFE_CALLEES.get(name);
    return safe !== undefined && !(safe.unless !== undefined && hasOption(call, safe.unless));
  };
  return (
    isKnown(declared && `${declared.module ?? ''}:${declared.path}`) ||
    (type?.module !== undefined && SAFE_FUNCTION_TYPES.has(`${type.module}:${type.name ?? ''}`)) ||
    importsOf(call.callee).every(isKnown)
  );
}

/** Whether a call only ends what nobody uses any more, so that its failure has no consequence. */
export function isEnding(declared: DeclarationAnswer | undefined): boolean {
  return declared?.module !== undefined && ENDING_CALLEES.has(`${declared.module}:${declared.path}`);
}

/** Where a callee is imported from, as `module:path`; each of them for a constant that is a choice. */
function importsOf(callee: Value): (string | undefined)[] {
  if (callee.kind === 'choice') return [callee.left, callee.right].flatMap(importsOf);
  const imported = importedPath(callee);
  // What a global is called says nothing about a name that the file declares.
  if (imported && (imported.module !== '' || callee.kind !== 'name'))
    return [`${imported.module}:${imported.path}`];
  const binding = callee.kind === 'name' ? callee.binding : undefined;
  return binding?.kind === 'const' && binding.initial && binding.initial !== callee
    ? importsOf(binding.initial)
    : [undefined];
}

/** The same, after asking where the callee is declared; or whether the promise has nothing to reject with. */
export function* isLookedAfter(call: Call): Asking<boolean> {
  if (rejectionBySyntax(call)?.kind === 'never') return true;
  const declared = yield* askOne('declaration', call.callee);
  return isSafe(call, declared, yield* askOne('type', call.callee));
}

function hasOption({ args }: Call, name: string): boolean {
  return args.some(({ value }) => {
    const option = optionOf(value, name);
    return option !== undefined && !isLiteral(option, false);
  });
}
