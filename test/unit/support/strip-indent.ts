/** A text without the indentation its lines share, and without empty lines around it. */
export function stripIndent(text: string): string {
  const rows = text.replace(/^\n|\n\s*$/g, '').split('\n');
  const indent = Math.min(...rows.filter((row) => row.trim() !== '').map((row) => row.search(/\S/)));
  return rows.map((row) => row.slice(indent)).join('\n');
}
