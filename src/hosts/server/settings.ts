import { isRecord, readConfig } from '../../core/config';
import type { Rule } from '../../core/rule';
import type { DocumentLanguage } from '../../documents/load';
import type { ServerConfig } from '../../core/protocol';
import type { FromFile } from '../config/layered';
import type { Settings } from '../tsserver/project-analysis';

const DEFAULT_MAX_LINES = 20_000;

export interface ServerSettings extends Settings, FromFile {
  readonly language: DocumentLanguage;
  readonly hover: 'full' | 'brief' | 'off';
}

/** @param locale the editor's display language, for `language: auto`. */
export function toSettings(
  raw: ServerConfig,
  rules: readonly Rule[],
  locale: string | undefined,
): ServerSettings {
  const { config, problems } = readConfig(raw, rules);
  const { maxLines, hover } = raw;
  const isCount = typeof maxLines === 'number' && maxLines > 0;
  const language = raw.language === 'en' || raw.language === 'ru' ? raw.language : languageOf(locale);
  return {
    config,
    problems,
    maxLines: isCount ? maxLines : DEFAULT_MAX_LINES,
    language,
    hover: hover === 'brief' || hover === 'off' ? hover : 'full',
  };
}

function languageOf(locale: string | undefined): DocumentLanguage {
  return /^ru\b/iu.test(locale ?? '') ? 'ru' : 'en';
}

/** Configuration as clients send it: ours alone, or among others below `asyncPatterns`. */
export function configIn(value: unknown): ServerConfig | undefined {
  if (!isRecord(value)) return undefined;
  return isRecord(value['asyncPatterns']) ? value['asyncPatterns'] : value;
}
