/** Values in the sentence about a rejection. */
export interface RejectionFacts {
  /** The server's own sentence, in English. */
  readonly detail: string;
  /** Names of the missing permissions and roles. */
  readonly missing: string;
  /** Name of the user; `null` if the credentials match none. */
  readonly user: string | null;
  /** Preview of the presented secret; `null` if it is not well formed. */
  readonly preview: string | null;
  /** The time in the server's sentence; `null` if it has none. */
  readonly instant: string | null;
}
