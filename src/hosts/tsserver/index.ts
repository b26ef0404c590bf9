import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type ts from 'typescript/lib/tsserverlibrary';
import { readConfig } from '../../core/config';
import { formatMessage } from '../../core/finding';
import { otherRules, rules } from '../../rules/typescript';
import {
  COMMANDS,
  type CodeActionArguments,
  type HoverArguments,
  type PluginConfig,
} from '../../core/protocol';
import { reasonOf } from '../../core/reason';
import type * as Globs from '../config/globs';
import { LayeredSettings } from '../config/layered';
import { Codes, codeFixes, toTsDiagnostic } from './plain';
import { ProjectAnalysis, type Settings } from './project-analysis';

const DEFAULT_MAX_LINES = 20_000;
/** How long configuration files are taken to be what they were, in milliseconds. */
const UNCHANGED_MS = 1_000;

/** What the requests of a session ask of the plugin of a project. */
interface Instance {
  readonly analysisOf: (project: ts.server.Project) => ProjectAnalysis;
  readonly guarded: <T>(project: ts.server.Project, what: string, work: () => T, otherwise: T) => T;
}

/** Of each project the latest: a server makes one for each, and a session has one handler for them all. */
const instances = new WeakMap<ts.server.Project, Instance>();
const sessions = new WeakSet<ts.server.Session>();

/** Entry point that tsserver calls for each project; `create` follows. */
function init({ typescript: tsc }: { typescript: typeof ts }): ts.server.PluginModule {
  let raw: PluginConfig = {};
  let settings = toSettings(raw);
  let layered = layer();
  let looked = Date.now();
  const analyses = new WeakMap<ts.server.Project, ProjectAnalysis>();
  let refresh: () => void = () => undefined;
  const codes = new Codes(rules.map((rule) => rule.meta.id));
  const logged = new Set<string>();

  const configure = (config: PluginConfig) => {
    raw = { ...raw, ...config };
    settings = toSettings(raw);
    layered = layer();
  };

  /** No TOML: a parser of it would be a tenth of what every TS server loads. */
  function layer() {
    return new LayeredSettings(settings, raw, rules, { globs, elsewhere: otherRules });
  }

  const settingsOf = (file: string) => {
    const now = Date.now();
    if (now - looked >= UNCHANGED_MS) {
      looked = now;
      layered.refresh();
    }
    return layered.of(file);
  };

  const analysisOf = (project: ts.server.Project): ProjectAnalysis => {
    let analysis = analyses.get(project);
    if (!analysis) {
      const report = (text: string) => logOnce(project, text);
      analyses.set(project, (analysis = new ProjectAnalysis(tsc, rules, settingsOf, report)));
    }
    return analysis;
  };

  const logOnce = (project: ts.server.Project, text: string) => {
    if (logged.has(text)) return;
    logged.add(text);
    project.projectService.logger.info(`async-patterns: ${text}`);
  };

  /** Runs our part; whatever goes wrong in it, tsserver's own answer stands. */
  const guarded = <T>(project: ts.server.Project, what: string, work: () => T, otherwise: T): T => {
    try {
      return work();
    } catch (error) {
      // A cancelled request is tsserver's business.
      if (error instanceof tsc.OperationCanceledException) throw error;
      const reason = reasonOf(error);
      logOnce(project, `${what} failed: ${reason}`);
      return otherwise;
    }
  };

  function create(info: ts.server.PluginCreateInfo): ts.LanguageService {
    const { languageService, project } = info;
    configure(info.config as PluginConfig);
    instances.set(project, { analysisOf, guarded });
    // Held weakly: an editor closes projects.
    const held = new WeakRef(project);
    refresh = () => held.deref()?.refreshDiagnostics();
    if (info.session && !sessions.has(info.session)) {
      sessions.add(info.session);
      addRequests(tsc, info.session, project.projectService);
    }
    const found = (fileName: string) => {
      const program = languageService.getProgram();
      const file = program?.getSourceFile(fileName);
      const analysis = analysisOf(project);
      return program && file && analysis.skipReason(file) === undefined
        ? { program, file, analysis }
        : undefined;
    };
    const ours = (fileName: string, suggestions: boolean): ts.Diagnostic[] => {
      if (raw.diagnostics === false) return [];
      return guarded<ts.Diagnostic[]>(
        project,
        'analysis',
        () => {
          const at = found(fileName);
          // Where nobody can show them, the log has them.
          for (const problem of settingsOf(fileName).problems) logOnce(project, formatMessage(problem));
          if (!at) return [];
          return at.analysis
            .analysis(at.program, at.file)
            .findings.filter(({ level }) => (level === 'hint' || level === 'information') === suggestions)
            .map((finding) => toTsDiagnostic(tsc, finding, at.program, at.file, codes));
        },
        [],
      );
    };

    return override(languageService, {
      getSemanticDiagnostics: (fileName) => [
        ...languageService.getSemanticDiagnostics(fileName),
        ...ours(fileName, false),
      ],
      getSuggestionDiagnostics: (fileName) => [
        ...languageService.getSuggestionDiagnostics(fileName),
        ...(ours(fileName, true) as ts.DiagnosticWithLocation[]),
      ],
      getSupportedCodeFixes: (fileName) => [...languageService.getSupportedCodeFixes(fileName), ...codes.all],
      getCodeFixesAtPosition: (fileName, start, end, errorCodes, ...rest) => {
        const theirs = errorCodes.filter((code) => !codes.includes(code));
        const fixes =
          theirs.length > 0 || errorCodes.length === 0
            ? [...languageService.getCodeFixesAtPosition(fileName, start, end, theirs, ...rest)]
            : [];
        if (theirs.length === errorCodes.length || raw.diagnostics === false) return fixes;
        return guarded<ts.CodeFixAction[]>(
          project,
          'fixing',
          () => {
            const at = found(fileName);
            if (!at) return fixes;
            const isAsked = (rule: string) => errorCodes.includes(codes.of(rule));
            return [...fixes, ...codeFixes(at.analysis, at.program, at.file, { start, end, isAsked })];
          },
          fixes,
        );
      },
    });
  }

  return {
    create,
    onConfigurationChanged: (config) => {
      const before = raw.diagnostics;
      configure(config as PluginConfig);
      // What was shown before it was known that the editor shows findings itself would be there twice.
      if (raw.diagnostics !== before) refresh();
    },
  };
}

function addRequests(tsc: typeof ts, session: ts.server.Session, service: ts.server.ProjectService): void {
  type Place = { program: ts.Program; file: ts.SourceFile; analysis: ProjectAnalysis };
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- names the arguments at the call
  const on = <A extends { readonly file: string }>(
    command: string,
    empty: object,
    handle: (place: Place, args: A) => object,
  ) => {
    session.addProtocolHandler(command, (request) => {
      const args = request.arguments as A;
      const fileName = tsc.server.toNormalizedPath(toPath(args.file));
      const project = service.getDefaultProjectForFile(fileName, true);
      const instance = project && instances.get(project);
      if (!instance) return { response: empty, responseRequired: true };
      const response = instance.guarded(
        project,
        command,
        () => {
          const program = project.getLanguageService(true).getProgram();
          const file = program?.getSourceFile(fileName);
          return program && file
            ? handle({ program, file, analysis: instance.analysisOf(project) }, args)
            : empty;
        },
        empty,
      );
      return { response, responseRequired: true };
    });
  };
  on(COMMANDS.diagnostics, { diagnostics: [], problems: [] }, ({ analysis, program, file }) =>
    analysis.diagnostics(program, file),
  );
  on<CodeActionArguments>(COMMANDS.codeActions, { actions: [] }, ({ analysis, program, file }, args) =>
    analysis.codeActions(program, file, args.range, args.only),
  );
  on(COMMANDS.fixAll, { edits: [], fixes: [] }, ({ analysis, program, file }) =>
    analysis.fixAll(program, file),
  );
  on(COMMANDS.lenses, { lenses: [] }, ({ analysis, program, file }) => analysis.lenses(program, file));
  on<HoverArguments>(COMMANDS.hover, {}, ({ analysis, program, file }, { position }) =>
    analysis.hover(program, file, position.line, position.character),
  );
}

/** A file of its own beside this one: only who has globs in a configuration file loads what understands them. */
function globs(given: readonly string[]): (path: string) => boolean {
  const { matcherOf } = createRequire(__filename)('./globs.js') as typeof Globs;
  return matcherOf(given);
}

function toSettings(raw: PluginConfig): Settings {
  const { config, problems } = readConfig(raw, rules, otherRules);
  const { maxLines } = raw;
  const isCount = typeof maxLines === 'number' && maxLines > 0;
  return { config, problems, maxLines: isCount ? maxLines : DEFAULT_MAX_LINES };
}

function toPath(file: string): string {
  return file.startsWith('file:') ? fileURLToPath(file) : file;
}

/** The service with some methods replaced; the rest is passed on as it is. */
function override(service: ts.LanguageService, methods: Partial<ts.LanguageService>): ts.LanguageService {
  return new Proxy(service, {
    get: (target, key) =>
      // eslint-disable-next-line @typescript-eslint/no-unsafe-return -- a method is passed on as it is
      Object.hasOwn(methods, key) ? Reflect.get(methods, key) : Reflect.get(target, key),
  });
}

export = init;
