/** Packages from npm that ship their TypeScript sources below `src`. */

/** A configuration under which such sources are a project of their own. */
export const SOURCES_TSCONFIG = {
  compilerOptions: {
    target: 'ES2022',
    module: 'ESNext',
    moduleResolution: 'Bundler',
    lib: ['ES2024', 'DOM', 'DOM.Iterable'],
    types: ['node'],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  },
  include: ['src'],
};

/** @param specifier `name@version`. */
export function nameOf(specifier: string): string {
  return specifier.replace(/@[^@]*$/, '');
}
