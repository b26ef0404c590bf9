import type { TSESLint } from '@typescript-eslint/utils';
import { getParserServices, RuleCreator } from '@typescript-eslint/utils/eslint-utils';
import { formatMessage, LEVELS, type Finding, type Fix, type Level } from '../../core/finding';
import type { OptionSchema, OptionValues, Rule } from '../../core/rule';
import { takePart, type FileAnalysis } from './analysis';
import { pageOf } from '../pages';

/** The mildest level that a rule of ESLint reports; ESLint itself knows no level for a single report. */
export type AtLeast = Exclude<Level, 'off'>;

type RuleOptions = readonly [OptionValues & { readonly atLeast?: AtLeast }];
type MessageIds = 'finding' | 'fix';

interface Docs {
  readonly recommended: boolean;
  readonly requiresTypeChecking: true;
}

export type EslintRule = TSESLint.RuleModule<MessageIds, RuleOptions, Docs>;

const create = RuleCreator<Docs>((name) => pageOf(name, 'en'));

/** What a rule reports where nobody says otherwise: its warnings and errors, or all there is of a milder rule. */
export function usualLevel({ meta }: Rule): AtLeast {
  return isAtLeast(meta.level, 'warning') ? 'warning' : meta.level;
}

function isAtLeast(level: Level, least: AtLeast): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(least);
}

/** Makes a rule of ESLint out of one of ours. `all` are the rules that share the analysis of a file. */
export function toEslintRule(rule: Rule, all: readonly Rule[]): EslintRule {
  const { meta } = rule;
  const defaults = Object.fromEntries(Object.entries(meta.options).map(([name, o]) => [name, o.default]));
  return create<RuleOptions, MessageIds>({
    name: meta.id,
    meta: {
      type: 'problem',
      docs: {
        description: meta.summary,
        recommended: meta.preset === 'recommended',
        requiresTypeChecking: true,
      },
      ...(meta.fixes === 'safe' || meta.fixes === 'both' ? { fixable: 'code' as const } : {}),
      hasSuggestions: meta.fixes !== 'none',
      messages: { finding: '{{text}}', fix: '{{title}}' },
      schema: [
        {
          type: 'object',
          additionalProperties: false,
          properties: {
            ...Object.fromEntries(
              Object.entries(meta.options).map(([name, option]) => [name, schemaOf(option)]),
            ),
            atLeast: {
              type: 'string',
              enum: LEVELS.filter((level) => level !== 'off'),
              description: 'The mildest findings to report.',
            },
          },
        },
      ],
      defaultOptions: [{ ...defaults, atLeast: usualLevel(rule) }],
    },
    create(context, [{ atLeast = usualLevel(rule), ...options }]) {
      const { sourceCode } = context;
      const analysis = takePart(rule, options, context, typed(context), all);
      return {
        Program() {
          const file = analysis();
          if (!file) return;
          for (const finding of file.findingsOf(rule)) {
            if (!isAtLeast(finding.level, atLeast)) continue;
            const { start, end } = finding.span;
            context.report({
              loc: { start: sourceCode.getLocFromIndex(start), end: sourceCode.getLocFromIndex(end) },
              messageId: 'finding',
              data: { text: formatMessage(finding.message) },
              ...repairs(file, finding),
            });
          }
        },
      };
    },
  });
}

function typed(context: Readonly<TSESLint.RuleContext<MessageIds, RuleOptions>>) {
  try {
    return getParserServices(context);
  } catch {
    throw new Error(
      `async-patterns needs types and has none for ${context.physicalFilename}: set "parserOptions.projectService: true" ` +
        'of @typescript-eslint/parser for it (https://typescript-eslint.io/getting-started/typed-linting), or switch the rules off there.',
    );
  }
}

function schemaOf({ type, description }: OptionSchema) {
  return type === 'string-list'
    ? { type: 'array' as const, items: { type: 'string' as const }, description }
    : { type, description };
}

/** ESLint knows one file at a time: a fix that changes others is left to the editor and the command line. */
function repairs(file: FileAnalysis, finding: Finding) {
  const fixes = finding.repairs.length === 0 ? [] : file.fixesOf(finding);
  const own = fixes.filter((fix) => fix.edits.every((edit) => edit.file === file.path));
  const safe = own.find(({ safety }) => safety === 'safe');
  const others = own.filter((fix) => fix !== safe);
  return {
    fix: safe ? editsOf(safe) : null,
    suggest: others.map((fix) => ({
      messageId: 'fix' as const,
      data: { title: formatMessage(fix.title) },
      fix: editsOf(fix),
    })),
  };
}

function editsOf({ edits }: Fix): TSESLint.ReportFixFunction {
  return (fixer) => edits.map(({ span, newText }) => fixer.replaceTextRange([span.start, span.end], newText));
}
