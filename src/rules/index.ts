// Written by `npm run generate` from the files of this folder.
import type { Rule } from '../core/rule';
import { rule as floatingPromise } from './floating-promise';

/** Every rule, sorted by id. */
export const rules: readonly Rule[] = [floatingPromise];
