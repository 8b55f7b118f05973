import type { EN_FIRST } from './en/first';
import type { EN_LATER } from './en/later';
import type { Translated } from './translated';

/** What every page may say, in one language. */
export type FirstTexts = Translated<typeof EN_FIRST>;

/** What only the pages say that have words of their own, in one language. */
export type LaterTexts = Translated<typeof EN_LATER>;

/** The catalogue of one language. */
export type Texts = FirstTexts & LaterTexts;
