// Written by `npm run generate` from the files of this folder.
import type { Rule } from '../core/rule';

/** Every rule, sorted by id. */
export const rules: readonly Rule[] = [];
