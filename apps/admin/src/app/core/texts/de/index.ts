import type { Texts } from '../texts';
import { DE_FIRST } from './first';
import { DE_LATER } from './later';

/** Every word of the console in German. */
export const DE: Texts = { ...DE_FIRST, ...DE_LATER };
