/** The part of Eleventy that is used here; the package brings no types. */
declare module '@11ty/eleventy' {
  export interface UserConfig {
    setTemplateFormats(formats: readonly string[]): void;
    setLayoutsDirectory(folder: string): void;
    setLibrary(format: 'md', library: { render(markdown: string, environment?: object): string }): void;
    addGlobalData(name: string, value: unknown): void;
    addFilter(name: string, filter: (value: never) => unknown): void;
    addTemplate(path: string, content: string, data: Readonly<Record<string, unknown>>): void;
    addPassthroughCopy(paths: Readonly<Record<string, string>>): void;
    addWatchTarget(path: string): void;
    readonly ignores: Set<string>;
    on(event: 'eleventy.before' | 'eleventy.after', listener: () => void | Promise<void>): void;
  }
  export interface Options {
    readonly configPath: null;
    readonly quietMode: boolean;
    readonly runMode: 'build' | 'serve';
    readonly config: (config: UserConfig) => void | Promise<void>;
  }
  export class Eleventy {
    /** Folders are relative to the working directory. */
    constructor(input: string, output: string, options: Options);
    disableLogger(): void;
    init(): Promise<void>;
    write(): Promise<void>;
    watch(): Promise<void>;
    serve(port: number): Promise<void>;
  }
}
