import type { Report } from '../report';

const COMMANDS = { error: 'error', warning: 'warning', information: 'notice', hint: 'notice' } as const;

/**
 * Annotations of a pull request, as workflow commands: lines and columns count from one.
 * @param nameOf how a file is called, from the root of the repository.
 */
export function formatGithub(reports: readonly Report[], nameOf: (file: string) => string): string {
  return reports
    .map(({ file, rule, severity, message, range: { start, end } }) => {
      const properties = {
        file: nameOf(file),
        line: start.line + 1,
        endLine: end.line + 1,
        // Columns of an annotation over several lines mean nothing.
        ...(start.line === end.line && { col: start.character + 1, endColumn: end.character + 1 }),
        title: rule,
      };
      const list = Object.entries(properties).map(([key, value]) => `${key}=${inProperty(String(value))}`);
      return `::${COMMANDS[severity]} ${list.join(',')}::${inData(message)}\n`;
    })
    .join('');
}

function inData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function inProperty(text: string): string {
  return inData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
