import { EN_FIRST } from './first';
import { EN_LATER } from './later';

/** Every word of the console in English, which all other languages translate. */
export const EN = { ...EN_FIRST, ...EN_LATER };
