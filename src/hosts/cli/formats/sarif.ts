import { pathToFileURL } from 'node:url';
import type { ArtifactChange, Location, Log, Region, ReportingDescriptor, Result } from 'sarif';
import { UNUSED_SUPPRESSION } from '../../../core/suppression';
import type { Rule } from '../../../core/rule';
import type { Range } from '../../../core/text';
import { fingerprints, type Report } from '../report';

const LEVELS = { error: 'error', warning: 'warning', information: 'note', hint: 'note' } as const;

/** Names the base that the files of a log are relative to. */
const ROOT = 'SRCROOT';

export interface SarifOptions {
  readonly rules: readonly Rule[];
  readonly version: string;
  /** Where the sources and pages of this program are to be read, without a slash at the end. */
  readonly homepage: string;
  /** The folder that files are relative to. */
  readonly root: string;
  readonly nameOf: (file: string) => string;
}

/** A log of SARIF 2.1.0, which counts lines and columns from one. */
export function formatSarif(reports: readonly Report[], options: SarifOptions): string {
  const { rules, version, homepage, root, nameOf } = options;
  const artifact = (file: string) => {
    const name = nameOf(file);
    return name.startsWith('..') || name.startsWith('/')
      ? { uri: pathToFileURL(file).toString() }
      : { uri: name.split('/').map(encodeURIComponent).join('/'), uriBaseId: ROOT };
  };
  const place = (file: string, range: Range): Location => ({
    physicalLocation: { artifactLocation: artifact(file), region: regionOf(range) },
  });
  const descriptors: ReportingDescriptor[] = rules.map(({ meta }) => ({
    id: meta.id,
    name: meta.id.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: meta.summary },
    helpUri: `${homepage}/blob/main/docs/en/rules/${meta.id}.md`,
    help: { text: `${meta.summary} See ${homepage}/blob/main/docs/en/rules/${meta.id}.md` },
    defaultConfiguration: { level: LEVELS[meta.level] },
    properties: { tags: ['async', ...meta.languages], precision: 'high' },
  }));
  descriptors.push({
    id: UNUSED_SUPPRESSION,
    name: 'UnusedSuppression',
    shortDescription: { text: 'A comment ignores findings that are not there.' },
    helpUri: `${homepage}#ignoring-a-finding`,
    defaultConfiguration: { level: 'note' },
  });
  const indexOf = new Map(descriptors.map(({ id }, index) => [id, index]));
  const marks = fingerprints(reports, nameOf);
  const results = reports.map((report, index): Result => {
    const { rule, severity, message, file, range, related, fixes } = report;
    const ruleIndex = indexOf.get(rule);
    return {
      ruleId: rule,
      ...(ruleIndex !== undefined && { ruleIndex }),
      level: LEVELS[severity],
      message: { text: message },
      locations: [place(file, range)],
      ...(related.length > 0 && {
        relatedLocations: related.map((one, id) => ({
          id,
          message: { text: one.message },
          ...place(one.file, one.range),
        })),
      }),
      ...(fixes.length > 0 && {
        fixes: fixes.map(({ title, edits }) => ({
          description: { text: title },
          artifactChanges: [...new Set(edits.map((edit) => edit.file))].map((changed): ArtifactChange => ({
            artifactLocation: artifact(changed),
            replacements: edits
              .filter((edit) => edit.file === changed)
              .map((edit) => ({
                deletedRegion: regionOf(edit.range),
                insertedContent: { text: edit.newText },
              })),
          })),
        })),
      }),
      partialFingerprints: { 'asyncPatterns/v1': marks[index] ?? '' },
    };
  });
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'async-patterns',
            semanticVersion: version,
            informationUri: homepage,
            rules: descriptors,
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { [ROOT]: { uri: `${pathToFileURL(root).toString()}/` } },
        results,
      },
    ],
  };
  return `${JSON.stringify(log, null, 1)}\n`;
}

function regionOf({ start, end }: Range): Region {
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}
