/** User or token that an entry concerns besides its subject, such as one of many, or the owner of a token. */
export interface RelatedSubject {
  readonly id: string;
  /** Absent for tokens. */
  readonly name?: string;
}

/** Stands for all users of the time. No user has this id or name. */
export const ALL_USERS = { id: '*', name: '*' } as const;
