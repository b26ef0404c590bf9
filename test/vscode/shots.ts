/** A picture of the workbench. */
export type Shot = {
  /** The name of the picture, without `.png`. */
  readonly name: string;
  /** The file to open, relative to the workspace folder. */
  readonly file: string;
  /** Text of the file at whose beginning the cursor is put; its first occurrence counts. */
  readonly at: string;
  /** Text the hover, menu, panel or list must contain before the picture is taken. */
  readonly expect: string;
} & (
  | { readonly kind: 'hover' | 'light-bulb' | 'problems' }
  /** The lines above functions, which are off by default. */
  | { readonly kind: 'lenses' }
  /** The table of contents with the page whose entry is `expect`, or the walkthrough with that title. */
  | { readonly kind: 'contents' | 'walkthrough' }
  /** The check of the workspace: on its way, its tree, or the preview of all safe fixes. */
  | { readonly kind: 'workspace'; readonly stage: 'progress' | 'by-rule' | 'by-file' | 'preview' }
  | {
      readonly kind: 'snippet';
      /** What is typed on a new line above `at`. */
      readonly prefix: string;
    }
);

/** The pictures the README shows, and those that are only looked at. */
export const shots: readonly Shot[] = [
  {
    name: 'hover',
    file: 'src/main.ts',
    at: 'countVisit(request.url)',
    kind: 'hover',
    expect: 'Open the page',
  },
  {
    name: 'light-bulb',
    file: 'src/main.ts',
    at: 'request.url);',
    kind: 'light-bulb',
    expect: 'Add await',
  },
  {
    name: 'problems',
    file: 'src/main.ts',
    at: 'countVisit(request.url)',
    kind: 'problems',
    expect: 'floating-promise',
  },
  {
    name: 'snippet',
    file: 'src/main.ts',
    at: 'export async function announce',
    kind: 'snippet',
    prefix: 'async-semaphore',
    expect: 'async-semaphore',
  },
  {
    name: 'note',
    file: 'src/feeds.ts',
    at: 'all(',
    kind: 'hover',
    expect: '→',
  },
  {
    name: 'lenses',
    file: 'src/feeds.ts',
    at: 'export async function loadFeeds',
    kind: 'lenses',
    expect: 'fan-out',
  },
  {
    name: 'contents',
    file: 'src/main.ts',
    at: 'countVisit(request.url)',
    kind: 'contents',
    expect: 'semaphore',
  },
  {
    name: 'walkthrough',
    file: 'src/main.ts',
    at: 'countVisit(request.url)',
    kind: 'walkthrough',
    expect: 'Async Patterns',
  },
  {
    name: 'workspace',
    file: 'src/main.ts',
    at: 'countVisit(request.url)',
    kind: 'workspace',
    stage: 'by-rule',
    expect: 'floating-promise',
  },
  {
    name: 'workspace-by-file',
    file: 'src/main.ts',
    at: 'countVisit(request.url)',
    kind: 'workspace',
    stage: 'by-file',
    expect: 'main.ts',
  },
  {
    name: 'workspace-progress',
    file: 'src/main.ts',
    at: 'countVisit(request.url)',
    kind: 'workspace',
    stage: 'progress',
    expect: '',
  },
  {
    name: 'workspace-preview',
    file: 'src/main.ts',
    at: 'countVisit(request.url)',
    kind: 'workspace',
    stage: 'preview',
    expect: '',
  },
];
