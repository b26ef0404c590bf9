import type { Call } from '../core/facts';
import { askOne, type Asking, type DeclarationAnswer } from '../core/questions';
import { importedPath } from '../core/uses';
import { SAFE_CALLEES } from '../knowledge/safeCallees';

/** Whether the library that gives a call's promise looks after it itself. */
export function isSafe(call: Call, declared: DeclarationAnswer | undefined): boolean {
  const imported = importedPath(call.callee);
  const names = [declared && `${declared.module ?? ''}:${declared.path}`];
  if (imported) names.push(`${imported.module}:${imported.path}`);
  return names.some((name) => {
    const safe = name === undefined ? undefined : SAFE_CALLEES.get(name);
    return safe !== undefined && !(safe.unless !== undefined && hasOption(call, safe.unless));
  });
}

/** The same, after asking where the callee is declared. */
export function* isLookedAfter(call: Call): Asking<boolean> {
  return isSafe(call, yield* askOne('declaration', call.callee));
}

function hasOption({ args }: Call, name: string): boolean {
  return args.some(
    ({ value }) =>
      value.kind === 'collection' &&
      value.elements.some(
        (element) =>
          element.key === name && !(element.value.kind === 'literal' && element.value.value === false),
      ),
  );
}
