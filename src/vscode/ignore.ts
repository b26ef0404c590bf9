/** Where and how a suppression comment goes into a file; pure text work. */

export interface Insertion {
  /** Zero-based. */
  readonly line: number;
  readonly character: number;
  readonly text: string;
}

type LineStart = 'code' | 'template' | 'comment';

/**
 * What every line begins in. A light scan that knows strings, template literals and comments; it takes a `/` that opens
 * a regular expression for a division, which only matters when the expression holds a quote or a backtick.
 */
function lineStartsOf(lines: readonly string[]): LineStart[] {
  const starts: LineStart[] = [];
  // Each entry is a template literal we are in; the number counts the braces open in its current `${}`.
  const templates: { inText: boolean; braces: number }[] = [];
  let inComment = false;
  for (const line of lines) {
    starts.push(inComment ? 'comment' : templates.at(-1)?.inText ? 'template' : 'code');
    for (let i = 0; i < line.length; i++) {
      const two = line.slice(i, i + 2);
      const character = line.charAt(i);
      const template = templates.at(-1);
      if (inComment) {
        if (two === '*/') [inComment, i] = [false, i + 1];
      } else if (template?.inText) {
        if (character === '\\') i++;
        else if (character === '`') templates.pop();
        else if (two === '${') {
          template.inText = false;
          i++;
        }
      } else if (two === '//') break;
      else if (two === '/*') [inComment, i] = [true, i + 1];
      else if (character === '`') templates.push({ inText: true, braces: 0 });
      else if (character === '"' || character === "'") i = endOfString(line, i);
      else if (template && character === '{') template.braces++;
      else if (template && character === '}') {
        if (template.braces === 0) template.inText = true;
        else template.braces--;
      }
    }
  }
  return starts;
}

/** The same for Python: `template` inside a string of several lines or after a backslash. */
function pythonLineStartsOf(lines: readonly string[]): LineStart[] {
  const starts: LineStart[] = [];
  let open: string | undefined;
  let continued = false;
  for (const line of lines) {
    starts.push(open !== undefined || continued ? 'template' : 'code');
    continued = false;
    for (let i = 0; i < line.length; i++) {
      const character = line.charAt(i);
      const three = line.slice(i, i + 3);
      if (character === '\\') {
        if (open === undefined && i === line.length - 1) continued = true;
        i++;
      } else if (open !== undefined) {
        if (three === open) [open, i] = [undefined, i + 2];
      } else if (character === '#') break;
      else if (three === '"""' || three === "'''") [open, i] = [three, i + 2];
      else if (character === '"' || character === "'") i = endOfString(line, i);
    }
  }
  return starts;
}

/** Index of the closing quote; an apostrophe in JSX text has none and stands for itself. */
function endOfString(line: string, start: number): number {
  const quote = line.charAt(start);
  for (let i = start + 1; i < line.length; i++) {
    if (line.charAt(i) === '\\') i++;
    else if (line.charAt(i) === quote) return i;
  }
  return start;
}

/** True where a line starts among the children of a JSX element, so that only a braced comment is one. */
function isAmongJsxChildren(lines: readonly string[], line: number): boolean {
  if (!/^\s*[<{]/u.test(lines[line] ?? '')) return false;
  const above = lines.slice(0, line).findLast((text) => text.trim() !== '');
  if (above === undefined) return false;
  const endsTag = /[^=]>\s*$/u.test(above) && /<|^\s*\/?>\s*$/u.test(above);
  const endsBraces = /^\s*\{.*\}\s*$/u.test(above);
  return endsTag || endsBraces;
}

/** Adds a rule to an ignore comment that is there already, before its reason. */
function extended(lines: readonly string[], line: number, rule: string): Insertion | undefined {
  const text = lines[line] ?? '';
  const match = /async-patterns-ignore-(?:next-line|line|file)((?:[ \t,]+(?!--)[\w-]+)*)/u.exec(text);
  if (!match) return undefined;
  const character = match.index + match[0].length;
  // A comment that names no rule ignores all of them.
  return { line, character, text: `${(match[1] ?? '').trim() === '' ? '' : ','} ${rule}` };
}

/** How comments are written: `jsx` where a line may lie among the children of an element. */
export type CommentStyle = 'slashes' | 'jsx' | 'hash';

/**
 * The comment that silences a rule on a line; undefined where no comment can stand.
 * @param line zero-based line on which the finding starts
 */
export function ignoreLine(
  lines: readonly string[],
  line: number,
  rule: string,
  style: CommentStyle,
  eol: string,
): Insertion | undefined {
  const above = lines[line - 1] ?? '';
  if (above.includes('async-patterns-ignore-next-line')) return extended(lines, line - 1, rule);
  const own = lines[line] ?? '';
  if (own.includes('async-patterns-ignore-line')) return extended(lines, line, rule);
  const mark = style === 'hash' ? '#' : '//';
  const starts = style === 'hash' ? pythonLineStartsOf(lines) : lineStartsOf(lines);
  if (starts[line] !== 'code') {
    if ((starts[line + 1] ?? 'code') !== 'code') return undefined;
    return {
      line,
      character: own.length,
      text: `${style === 'hash' ? '  #' : ' //'} async-patterns-ignore-line ${rule}`,
    };
  }
  const indentation = /^\s*/u.exec(own)?.[0] ?? '';
  const comment = `async-patterns-ignore-next-line ${rule}`;
  const text =
    style === 'jsx' && isAmongJsxChildren(lines, line) ? `{/* ${comment} */}` : `${mark} ${comment}`;
  return { line, character: 0, text: `${indentation}${text}${eol}` };
}

/** The comment that silences a rule in a whole file: at its top, below what has to stand there. */
export function ignoreFile(
  lines: readonly string[],
  rule: string,
  style: CommentStyle,
  eol: string,
): Insertion {
  const comment =
    style === 'hash'
      ? /^\s*#.*async-patterns-ignore-file\b/u
      : /^\s*(?:\/\/|\/\*).*async-patterns-ignore-file\b/u;
  const existing = lines.findIndex((text) => comment.test(text));
  const extension = existing < 0 ? undefined : extended(lines, existing, rule);
  if (extension) return extension;
  let line = lines[0]?.startsWith('#!') ? 1 : 0;
  // Python reads an encoding in the first two lines only, and a notebook a cell's magic in its first.
  if (style === 'hash' && /^#.*coding[:=]|^%%/u.test(lines[line] ?? '')) line++;
  const text = `${style === 'hash' ? '#' : '//'} async-patterns-ignore-file ${rule}${eol}`;
  if (line < lines.length) return { line, character: 0, text };
  return { line: 0, character: lines[0]?.length ?? 0, text: `${eol}${text}` };
}
