import { accessSync, constants } from 'node:fs';
import type { Config } from '../../core/config';
import { applyEdits, compatible } from '../../core/edits';
import { formatMessage, type Edit, type Finding, type Fix } from '../../core/finding';
import { LineMap, type Span } from '../../core/text';
import { Baseline, type BaselineEntries } from './baseline';
import { afterEdits, isOnChanged, type ChangedLines } from './changes';
import type { Engine, EngineProject, EngineRequest } from './engine';
import type { Report } from './report';

/** Fixes can make way for others, but a handful of rounds is more than any of ours needs. */
const MOST_ROUNDS = 10;

export type Fixing = 'none' | 'safe' | 'suggestions';

export interface SessionRequest {
  readonly files: readonly string[];
  readonly explicit: ReadonlySet<string>;
  readonly tsconfig: string | undefined;
  /** The part of the files to analyse, all where left out; the others are there to be looked into. */
  readonly share?: ReadonlySet<string> | undefined;
  readonly configOf: (file: string) => Config;
  readonly fixing: Fixing;
  /** Keep only findings on these lines. */
  readonly changed: ChangedLines | undefined;
  /** Leave out the findings that are in here. */
  readonly baseline: BaselineEntries | undefined;
}

export interface SessionResult {
  /** What is found in the end, in any order. */
  readonly reports: readonly Report[];
  /** Files that fixes changed: their text before and after, without a byte order mark. */
  readonly changes: readonly { readonly file: string; readonly before: string; readonly after: string }[];
  /** How many findings were fixed. */
  readonly fixed: number;
  /** Sentences about rules that failed. */
  readonly failures: readonly string[];
  /** Sentences about projects whose configuration cannot be read; their files were analysed without it. */
  readonly broken: readonly string[];
  /** Files that could not be read. */
  readonly unread: readonly string[];
  /** Every file the findings may depend on. */
  readonly dependencies: readonly string[];
}

interface Judged {
  readonly report: Report;
  readonly fixes: readonly Fix[];
}

interface ProjectResult {
  readonly judged: readonly Judged[];
  readonly texts: ReadonlyMap<string, string>;
  readonly failures: readonly string[];
  readonly files: readonly string[];
  readonly dependencies: readonly string[];
}

/**
 * Analyses files with an engine and, where asked to, fixes them in memory until nothing is left to fix.
 * @param progress hears how many of the files are done; after each round of fixes it starts again.
 * @throws InputError where the configuration that was named cannot be read.
 */
export function runSession(
  engine: Engine,
  request: SessionRequest,
  progress: (done: number) => void,
): SessionResult {
  const { fixing } = request;
  const originals = new Map<string, string>();
  const overlay = new Map<string, string>();
  const broken = new Set<string>();
  let { changed } = request;
  let fixed = 0;
  let latest: ProjectResult[] = [];
  let touched: ReadonlySet<string> | undefined;
  for (let round = 0; round <= MOST_ROUNDS; round++) {
    latest = analyseAll(engine, { ...request, overlay, broken }, latest, touched, progress);
    if (fixing === 'none' || round === MOST_ROUNDS) break;
    const kept = filtered(latest, changed, request.baseline);
    const fixes = kept.flatMap(({ fixes }) => {
      const fix =
        fixes.find(({ safety }) => safety === 'safe') ?? (fixing === 'suggestions' ? fixes[0] : undefined);
      return fix && fix.edits.length > 0 && fix.edits.every(({ file }) => request.files.includes(file))
        ? [fix]
        : [];
    });
    const edits = compatible(fixes);
    if (edits.length === 0) break;
    fixed += fixes.filter((fix) => fix.edits.every((edit) => edits.some((made) => same(made, edit)))).length;
    const texts = new Map(latest.flatMap((result) => [...result.texts]));
    touched = new Set(edits.map(({ file }) => file));
    const moved = new Map(changed);
    for (const file of touched) {
      const text = texts.get(file) ?? '';
      const own = edits.filter((edit) => edit.file === file).map((edit) => withLineEnds(edit, text));
      if (!originals.has(file)) originals.set(file, text);
      overlay.set(file, applyEdits(text, own));
      const lines = moved.get(file);
      if (lines && lines !== 'all') moved.set(file, afterEdits(lines, text, own));
    }
    if (changed) changed = moved;
  }
  const analysed = new Set(latest.flatMap(({ files }) => files));
  return {
    reports: filtered(latest, changed, request.baseline).map(({ report }) => report),
    changes: [...originals].flatMap(([file, before]) => {
      const after = overlay.get(file) ?? before;
      return after === before ? [] : [{ file, before, after }];
    }),
    fixed,
    failures: latest.flatMap(({ failures }) => failures),
    broken: [...broken],
    // Engines leave out what a build has written.
    unread: (request.share ? [...request.share] : request.files).filter(
      (file) => !analysed.has(file) && !isReadable(file),
    ),
    dependencies: [...new Set(latest.flatMap(({ dependencies }) => dependencies))],
  };
}

interface Round extends SessionRequest {
  readonly overlay: ReadonlyMap<string, string>;
  /** Takes what there is to say about configurations. */
  readonly broken: Set<string>;
}

/** @param touched the files that the last fixes changed: what depends on none of them is as it was. */
function analyseAll(
  engine: Engine,
  { overlay, broken, ...request }: Round,
  before: readonly ProjectResult[],
  touched: ReadonlySet<string> | undefined,
  progress: (done: number) => void,
): ProjectResult[] {
  const { files, explicit, tsconfig, share, configOf } = request;
  const opened: EngineRequest = {
    files,
    explicit,
    tsconfig,
    share,
    // A copy: engines compare the texts of two rounds.
    overlay: new Map(overlay),
    // One project of many does not keep the others from being checked.
    ...(tsconfig === undefined && { onBroken: ({ message }) => broken.add(message) }),
  };
  const results: ProjectResult[] = [];
  let done = 0;
  for (const project of engine.open(opened)) {
    const own = share ? project.files.filter((file) => share.has(file)) : project.files;
    if (own.length === 0) continue;
    const dependencies = project.dependencies();
    const known =
      touched && !dependencies.some((file) => touched.has(file))
        ? before.find((result) => result.files.join('\0') === own.join('\0'))
        : undefined;
    const result = known ?? analyseProject(project, own, dependencies, configOf, () => progress(++done));
    if (known) progress((done += own.length));
    results.push(result);
  }
  return results;
}

function analyseProject(
  project: EngineProject,
  own: readonly string[],
  dependencies: readonly string[],
  configOf: (file: string) => Config,
  onFile: () => void,
): ProjectResult {
  const failures: string[] = [];
  const found: { readonly file: string; readonly finding: Finding }[] = [];
  const files: string[] = [];
  for (const { file, analysis } of project.analyse(own, configOf)) {
    files.push(file);
    for (const { rule, error } of analysis.failures)
      failures.push(`${file}: ${rule} failed: ${describe(error)}`);
    for (const finding of analysis.findings) found.push({ file, finding });
    onFile();
  }
  const repairable = found.filter(({ finding }) => finding.repairs.length > 0).map(({ finding }) => finding);
  const fixLists = project.fixesOf(repairable);
  const fixesOf = new Map(repairable.map((finding, index) => [finding, fixLists[index] ?? []]));
  const texts = new Map<string, string>();
  const maps = new Map<string, LineMap>();
  const mapOf = (file: string) => {
    let map = maps.get(file);
    if (!map) {
      const text = project.textOf(file) ?? '';
      texts.set(file, text);
      maps.set(file, (map = new LineMap(text)));
    }
    return map;
  };
  const judged = found.map(({ file, finding }) => {
    const fixes = fixesOf.get(finding) ?? [];
    return { report: toReport(file, finding, fixes, mapOf, texts), fixes };
  });
  return { judged, texts, failures, files, dependencies };
}

function toReport(
  file: string,
  finding: Finding,
  fixes: readonly Fix[],
  mapOf: (file: string) => LineMap,
  texts: ReadonlyMap<string, string>,
): Report {
  const rangeIn = (at: string, span: Span) => mapOf(at).rangeOf(span);
  const range = rangeIn(file, finding.span);
  const text = texts.get(file) ?? '';
  const from = mapOf(file).offsetAt({ line: range.start.line, character: 0 });
  return {
    file,
    rule: finding.rule,
    severity: finding.level === 'off' ? 'hint' : finding.level,
    message: formatMessage(finding.message),
    range,
    related: finding.related.map((related) => ({
      file: related.file,
      range: rangeIn(related.file, related.span),
      message: formatMessage(related.message),
    })),
    fixes: fixes.map(({ title, safety, edits }) => ({
      title: formatMessage(title),
      safety,
      edits: edits.map((edit) => ({
        file: edit.file,
        range: rangeIn(edit.file, edit.span),
        newText: withLineEnds(edit, texts.get(edit.file) ?? '').newText,
      })),
    })),
    text: (/^.*/.exec(text.slice(from))?.[0] ?? '').trim(),
  };
}

function filtered(
  results: readonly ProjectResult[],
  changed: ChangedLines | undefined,
  baseline: BaselineEntries | undefined,
): Judged[] {
  const all = results.flatMap(({ judged }) => judged);
  const known = baseline && new Baseline(baseline);
  return all.filter(({ report }) => (!changed || isOnChanged(changed, report)) && !known?.takes(report));
}

/** Edits are written with `\n`; a file that ends its lines otherwise keeps doing so. */
function withLineEnds(edit: Edit, text: string): Edit {
  const [first] = /\r\n|\r|\n/.exec(text) ?? ['\n'];
  return first === '\n' ? edit : { ...edit, newText: edit.newText.replace(/\r\n|\r|\n/g, first) };
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

function same(a: Edit, b: Edit): boolean {
  return (
    a.file === b.file && a.newText === b.newText && a.span.start === b.span.start && a.span.end === b.span.end
  );
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return (process.env['ASYNC_PATTERNS_DEBUG'] ? error.stack : undefined) ?? error.message;
}
