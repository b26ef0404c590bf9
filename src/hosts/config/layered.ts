import type { Config, RawConfig } from '../../core/config';
import type { Message } from '../../core/finding';
import type { Rule } from '../../core/rule';
import { ConfigFiles, type ConfigOptions, type FileSettings } from './files';

interface Configured {
  readonly config: Config;
  readonly problems: readonly Message[];
}

/** What a configuration file adds to settings. */
export interface FromFile {
  /** That file. */
  readonly source?: string;
  /** It says that the source file is not to be looked at. */
  readonly ignored?: boolean;
}

/** The settings of an editor, and for each source file what its configuration file adds below them. */
export class LayeredSettings<S extends Configured> {
  private readonly files: ConfigFiles;
  private readonly joined = new WeakMap<FileSettings, S & FromFile>();

  /**
   * @param own the settings of the editor, as they are where there is no configuration file.
   * @param raw what the user has set in the editor; it goes before configuration files.
   */
  constructor(
    private readonly own: S,
    raw: RawConfig,
    rules: readonly Rule[],
    options: Omit<ConfigOptions, 'above' | 'only'>,
  ) {
    this.files = new ConfigFiles(rules, { ...options, above: raw });
  }

  /** The settings in force for a source file; the same object as long as nothing changes. */
  of(file: string): S & FromFile {
    const found = this.files.settingsOf(file);
    if (found.source === undefined) return this.own;
    let settings = this.joined.get(found);
    if (!settings) {
      const { config, ignored, problems, source } = found;
      settings = {
        ...this.own,
        config,
        problems: [...this.own.problems, ...problems],
        source,
        ignored,
      };
      this.joined.set(found, settings);
    }
    return settings;
  }

  /** Looks whether configuration files have changed; see {@link ConfigFiles.refresh}. */
  refresh(): boolean {
    return this.files.refresh();
  }
}
