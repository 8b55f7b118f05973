// Not named `.dto.ts`: the OpenAPI plugin reads those, and cannot say what `T` is. `ApiBulk` documents dry runs.

/** What a bulk request would be about, if it were no dry run. */
export class BulkDryRunDto<T> {
  /** How many distinct items the request is about: those that exist and that the caller may see, whatever would become of them. */
  count: number;

  /** The first few of them, as the list shows them to the caller: none that they may not see. */
  sample: T[];

  /**
   * How many live tokens would stop working with a change of users: with `disable` those of whoever is enabled. Absent where
   * the action ends none, and for whoever may not see users.
   */
  tokenCount?: number;

  /**
   * How many live tokens of others were created with tokens of the users, and would be revoked with `delete` unless
   * `keepDescendants` is true. Absent with other actions, and for whoever may not see users.
   */
  descendantCount?: number;
}
