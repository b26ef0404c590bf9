import { readFileSync } from 'node:fs';
import { codeFrameColumns } from '@babel/code-frame';
import type { createColors } from 'picocolors';
import type { Range } from '../../../core/text';
import type { Report } from '../report';
import { decode } from '../write';

export type Colors = ReturnType<typeof createColors>;

export interface TextOptions {
  readonly colors: Colors;
  readonly nameOf: (file: string) => string;
}

/** Longer lines, as generated code has them, would fill the screen. */
const LONGEST_LINE = 300;

/** The findings below the names of their files, each with the lines it is about and where else it leads. */
export function formatText(reports: readonly Report[], { colors, nameOf }: TextOptions): string {
  const painted = {
    error: colors.red,
    warning: colors.yellow,
    information: colors.blue,
    hint: colors.dim,
  };
  const sources = new Map<string, string>();
  const sourceOf = (file: string) => {
    let source = sources.get(file);
    if (source === undefined) sources.set(file, (source = read(file)));
    return source;
  };
  let text = '';
  let file: string | undefined;
  for (const report of reports) {
    const { range, severity, message, rule, related } = report;
    if (report.file !== file) text += `${colors.underline(colors.bold(nameOf(report.file)))}\n`;
    file = report.file;
    text += `  ${place(range)}  ${painted[severity](severity)}  ${message}  ${colors.dim(rule)}\n`;
    text += indented(frame(sourceOf(file), range, file, colors.isColorSupported));
    for (const one of related)
      text += `      ${colors.dim('↳')} ${nameOf(one.file)}:${place(one.range)}  ${one.message}\n`;
    text += '\n';
  }
  return text;
}

function place({ start }: Range): string {
  return `${start.line + 1}:${start.character + 1}`;
}

function frame(source: string, { start, end }: Range, file: string, highlight: boolean): string {
  const lines = source.split(/\r\n|\r|\n/);
  if (lines.slice(Math.max(start.line - 1, 0), start.line + 2).some((line) => line.length > LONGEST_LINE))
    return '';
  // A function that is pointed at as a whole is named by its first line.
  const isOneLine = start.line === end.line;
  const endColumn = isOneLine ? end.character + 1 : (lines[start.line] ?? '').length + 1;
  return codeFrameColumns(
    source,
    {
      start: { line: start.line + 1, column: start.character + 1 },
      end: { line: start.line + 1, column: Math.max(endColumn, start.character + 2) },
    },
    // It knows the words of JavaScript only.
    {
      linesAbove: 1,
      linesBelow: 1,
      ...(highlight && !file.endsWith('.py') && { highlightCode: true, forceColor: true }),
    },
  );
}

function indented(text: string): string {
  return text === '' ? '' : text.replace(/^/gm, '    ') + '\n';
}

function read(file: string): string {
  try {
    return decode(readFileSync(file)).text;
  } catch {
    return '';
  }
}

/** `3 problems (1 error, 2 warnings) in 2 files.` */
export function summary(reports: readonly Report[], files: number, colors: Colors): string {
  const count = (severity: Report['severity']) =>
    reports.filter((report) => report.severity === severity).length;
  const parts = [
    many(count('error'), 'error'),
    many(count('warning'), 'warning'),
    many(count('information'), 'note'),
    many(count('hint'), 'hint'),
  ].filter((part) => !part.startsWith('0 '));
  if (reports.length === 0) return `${colors.green('✔')} No findings in ${many(files, 'file')}.\n`;
  const fixable = reports.filter(({ fixes }) => fixes.some(({ safety }) => safety === 'safe')).length;
  const hint = fixable > 0 ? ` ${fixable} can be fixed with --fix.` : '';
  const mark = count('error') > 0 ? colors.red('✖') : count('warning') > 0 ? colors.yellow('▲') : '●';
  return `${mark} ${many(reports.length, 'finding')} (${parts.join(', ')}) in ${many(files, 'file')}.${hint}\n`;
}

/** How often each rule has something to say, most often first. */
export function statistics(reports: readonly Report[], colors: Colors): string {
  const counts = new Map<string, { count: number; fixable: number }>();
  for (const { rule, fixes } of reports) {
    const known = counts.get(rule) ?? { count: 0, fixable: 0 };
    const isFixable = fixes.some(({ safety }) => safety === 'safe');
    counts.set(rule, { count: known.count + 1, fixable: known.fixable + Number(isFixable) });
  }
  const sorted = [...counts].sort((a, b) => b[1].count - a[1].count || (a[0] < b[0] ? -1 : 1));
  const width = Math.max(...sorted.map(([, { count }]) => String(count).length));
  return sorted
    .map(([rule, { count, fixable }]) => {
      const note = fixable > 0 ? colors.dim(`  ${fixable} fixable`) : '';
      return `${String(count).padStart(width)}  ${rule}${note}\n`;
    })
    .join('');
}

export function many(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
