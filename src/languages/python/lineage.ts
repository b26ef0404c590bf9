import type { PyType } from './types';

export type ProjectClass = Extract<PyType, { kind: 'class' }>;

/** A class of the project or of a library, or one of which nothing is known. */
export type Ancestor = ProjectClass | Extract<PyType, { kind: 'outside' }> | undefined;

/**
 * The order in which Python looks through the bases of a class (C3): each class comes before its own bases, and bases
 * stay in the order in which they were written. https://docs.python.org/3/howto/mro.html
 * @param bases the orders of the bases themselves, each beginning with the base.
 * @returns ends with undefined where there is no such order, and Python would refuse the class.
 */
export function linearized(bases: readonly (readonly Ancestor[])[]): Ancestor[] {
  const order: Ancestor[] = [];
  let left = [...bases, bases.map(([base]) => base)].filter((sequence) => sequence.length > 0);
  while (left.length > 0) {
    const next = left.find(([head]) => !left.some((sequence) => isInTail(head, sequence)));
    if (!next) return [...order, undefined];
    const [head] = next;
    order.push(head);
    left = left
      .map((sequence) => (isSame(sequence[0], head) ? sequence.slice(1) : sequence))
      .filter((sequence) => sequence.length > 0);
  }
  return order;
}

function isInTail(ancestor: Ancestor, sequence: readonly Ancestor[]): boolean {
  return sequence.some((other, index) => index > 0 && isSame(other, ancestor));
}

function isSame(a: Ancestor, b: Ancestor): boolean {
  if (!a || !b) return a === b;
  return a.kind === 'class'
    ? b.kind === 'class' && a.class === b.class
    : b.kind === 'outside' && a.name === b.name;
}
