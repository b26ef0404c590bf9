/**
 * The content of a string literal as it is written: prefix and quotes removed, escapes left alone (no rule looks at
 * characters that need them).
 */
export function stringContent(literal: string): string {
  const quoteAt = literal.search(/['"]/);
  if (quoteAt < 0) return literal;
  const quote = literal[quoteAt] ?? '"';
  const size = literal.startsWith(quote.repeat(3), quoteAt) ? 3 : 1;
  const end = literal.endsWith(quote) ? literal.length - size : literal.length;
  return literal.slice(quoteAt + size, Math.max(end, quoteAt + size));
}

/** The value of an integer or float literal; complex and malformed numbers are NaN. */
export function numberValue(literal: string): number {
  return Number(literal.replace(/_/g, '').replace(/[lL]$/, ''));
}
