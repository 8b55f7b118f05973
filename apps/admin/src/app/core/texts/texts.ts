import type { EN } from './en';
import type { Translated } from './translated';

/** The catalogue of one language. */
export type Texts = Translated<typeof EN>;
