import { type RejectionCause, type RemedyKind } from '../lists/explanations.js';

/** Values in the sentences about a rejection. */
export interface RejectionFacts {
  /** Names of the missing permissions and roles. */
  readonly missing: readonly string[];
  /** Missing permissions that no API has. */
  readonly unknown: readonly string[];
  /** Name of the user; absent if the credentials match none. */
  readonly user?: string | undefined;
  /** Preview of the presented secret; absent if it is not well formed. */
  readonly preview?: string | undefined;
  /** Time of the revocation, leak report, expiry or start; absent if it is not known. */
  readonly time?: string | undefined;
}

/** A sentence, or a function that builds it from the facts. */
export type RejectionText = string | ((facts: RejectionFacts) => string);

/** Sentences about rejections in one language. */
export interface RejectionTexts {
  readonly causes: Readonly<Record<RejectionCause, RejectionText>>;
  readonly remedies: Readonly<Record<RemedyKind, RejectionText>>;
}

/** Fills the facts into a sentence. */
export function fillIn(text: RejectionText, facts: RejectionFacts): string {
  return typeof text === 'string' ? text : text(facts);
}
