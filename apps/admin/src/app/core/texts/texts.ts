import type * as base from './en/base';
import type * as events from './en/events';
import type * as features from './en/features';

/** Shape of a catalogue: every language has the entries of the English one. */
export type Translated<T> = T extends string
  ? string
  : T extends (...values: infer Values) => string
    ? (...values: Values) => string
    : { readonly [Key in keyof T]: Translated<T[Key]> };

/** Texts of the frame, the sign-in page and the lists. */
export type BaseTexts = Translated<typeof base>;

/** Texts that only some features show. */
export type FeatureTexts = Translated<typeof features>;

/** Texts of event targets. */
export type EventTexts = Translated<typeof events>;

/** Catalogue of one language. */
export type Texts = BaseTexts & FeatureTexts & EventTexts;
