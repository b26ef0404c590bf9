import type { FileFacts, Value } from '../../../core/facts';

/** Start of the line where the top-level definition around a value begins, with its decorators and comments. */
export function beforeTopLevel({ text, functions }: FileFacts, value: Value): number {
  const [module] = functions;
  const statement = module?.body.body.find(
    (s) => s.span.start <= value.span.start && value.span.end <= s.span.end,
  );
  let at = text.lastIndexOf('\n', (statement?.span.start ?? value.span.start) - 1) + 1;
  while (at > 0) {
    const previous = text.lastIndexOf('\n', at - 2) + 1;
    const line = text.slice(previous, at);
    // Decorators and the comments above them belong to the definition.
    if (!/^(?:@|#|[)\]}]|\s+\S)/.test(line)) break;
    if (/^\s/.test(line) && !decoratorAbove(text, previous)) break;
    at = previous;
  }
  return at;
}

/** True where the indented or closing line at `at` continues a decorator's arguments. */
function decoratorAbove(text: string, at: number): boolean {
  for (let line = at; line > 0;) {
    line = text.lastIndexOf('\n', line - 2) + 1;
    const first = text[line];
    if (first === '@') return true;
    if (first === undefined || !/[\s)\]}]/.test(first)) return false;
  }
  return false;
}
